import { describe, expect, it, onTestFinished } from 'vitest'
import { startSimulatedAws } from '../../src/playground/aws/simulated-aws.ts'
import { openJournal } from '../../src/playground/journal.ts'
import { awsSeed } from '../../src/playground/story-aws.ts'
import { createWorldClock } from '../../src/playground/world-clock.ts'

const alice = { accountId: '000000000000', userName: 'alice' }
const Dev = 'arn:aws:iam::222222222222:role/Dev'
const Admin = 'arn:aws:iam::111111111111:role/Admin'
const trial = 'arn:aws:dynamodb:ap-northeast-1:222222222222:table/trial'

async function startStory() {
  const journal = openJournal()
  const aws = await startSimulatedAws({ journal, clock: createWorldClock(journal), seed: awsSeed })
  onTestFinished(() => aws.close())
  return aws
}

describe('the roles of the story', () => {
  it('Dev is entered by everyone, under their own name only, to look and not to write', async () => {
    const aws = await startStory()
    const session = aws.switchRole({ ...alice, roleArn: Dev })
    expect(session.arn).toBe('arn:aws:sts::222222222222:assumed-role/Dev/alice')
    const attempt = (action: string) => aws.tryAction({ as: session, action, resource: trial }).allowed
    expect([attempt('dynamodb:DescribeTable'), attempt('dynamodb:PutItem')]).toEqual([true, false])
    const asBob = { as: aws.userSession(alice), roleArn: Dev, sessionName: 'bob' }
    expect(() => aws.assumeRole(asBob)).toThrow('not authorized to perform: sts:AssumeRole')
  })

  it('Admin is entered by nobody who was not let in', async () => {
    const aws = await startStory()
    expect(() => aws.switchRole({ ...alice, roleArn: Admin })).toThrow(
      `because no identity-based policy allows the sts:AssumeRole action`,
    )
  })
})
