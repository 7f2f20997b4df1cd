import { describe, expect, it, onTestFinished } from 'vitest'
import { startSimulatedAws } from '../../src/playground/aws/simulated-aws.ts'
import { openJournal } from '../../src/playground/journal.ts'
import { leashesIn } from '../../src/playground/page/browser/leashes.ts'
import { awsSeed } from '../../src/playground/story-aws.ts'
import { createWorldClock } from '../../src/playground/world-clock.ts'

const alice = { accountId: '000000000000', userName: 'alice' }
const Dev = 'arn:aws:iam::222222222222:role/Dev'
const Admin = 'arn:aws:iam::111111111111:role/Admin'
const prod = '111111111111'
const trial = 'arn:aws:dynamodb:ap-northeast-1:222222222222:table/trial'

async function startStory() {
  const journal = openJournal()
  const clock = createWorldClock(journal)
  const aws = await startSimulatedAws({ journal, clock, seed: awsSeed })
  onTestFinished(() => aws.close())
  return { aws, clock }
}

describe('the roles of the story', () => {
  it('Dev is entered by everyone, under their own name only, to look and not to write', async () => {
    const { aws } = await startStory()
    const session = aws.switchRole({ ...alice, roleArn: Dev })
    expect(session.arn).toBe('arn:aws:sts::222222222222:assumed-role/Dev/alice')
    const attempt = (action: string) => aws.tryAction({ as: session, action, resource: trial }).allowed
    expect([attempt('dynamodb:DescribeTable'), attempt('dynamodb:PutItem')]).toEqual([true, false])
    const asBob = { as: aws.userSession(alice), roleArn: Dev, sessionName: 'bob' }
    expect(() => aws.assumeRole(asBob)).toThrow('not authorized to perform: sts:AssumeRole')
  })

  it('Admin is entered by nobody who was not let in', async () => {
    const { aws } = await startStory()
    expect(() => aws.switchRole({ ...alice, roleArn: Admin })).toThrow(
      `because no identity-based policy allows the sts:AssumeRole action`,
    )
  })
})

describe('the leash of the story', () => {
  const boundary = '/curfew/leash-Curfew-ReadOnly'

  it('is taken off by hand and put back, which takes AWS a while each time', async () => {
    const { aws, clock } = await startStory()
    const isOn = () =>
      leashesIn(aws.snapshot(), prod)
        .slice(0, 1)
        .map(({ onSet, onRole }) => [onSet, onRole])
    const change = { accountId: prod, permissionSet: 'Curfew-ReadOnly' }
    aws.changeBoundary(change)
    expect(isOn()).toEqual([[false, true]])
    expect(() => aws.changeBoundary({ ...change, boundary })).toThrow('There is a conflicting operation in process')
    expect(isOn()).toEqual([[false, true]])
    clock.advance(3000)
    expect(isOn()).toEqual([[false, false]])
    aws.changeBoundary({ ...change, boundary })
    clock.advance(3000)
    expect(isOn()).toEqual([[true, true]])
  })

  it('is not changed where the set has no role', async () => {
    const { aws } = await startStory()
    const change = { accountId: '222222222222', permissionSet: 'Curfew-ReadOnly' }
    expect(() => aws.changeBoundary(change)).toThrow('is not provisioned in account 222222222222')
    expect(leashesIn(aws.snapshot(), prod)).toMatchObject([
      { onSet: true, onRole: true },
      { onSet: true, onRole: true },
    ])
  })
})
