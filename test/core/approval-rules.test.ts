import { describe, expect, it } from 'vitest'
import type { Click } from '../../src/core/access-request.ts'
import {
  type ClickFacts,
  isIn,
  judgeClick,
  mayAct,
  type PersonFacts,
  takesFacts,
} from '../../src/core/approval-rules.ts'
import { aRequest, at, statuses } from '../support/builders.ts'

const person = (userId: string, overrides: Partial<PersonFacts> = {}): PersonFacts => ({
  userId,
  teamId: 'T0001',
  standing: 'member',
  awsNames: [`iam:${userId.slice(2).toLowerCase()}`],
  ...overrides,
})
const everyone = Object.fromEntries(['U0ALICE', 'U0BOB', 'U0CAROL', 'U0DAN'].map(id => [id, person(id)]))
const withPerson = (userId: string, facts: PersonFacts | { problem: string }) => ({
  people: { ...everyone, [userId]: facts },
})
const facts = (overrides: Partial<ClickFacts> = {}): ClickFacts => ({
  team: 'T0001',
  people: everyone,
  groups: { platform: ['U0BOB'], developers: ['U0ALICE', 'U0DAN'], security: ['U0CAROL'] },
  entitlement: { requesters: ['developers'], approvals: [{ from: ['platform'], count: 1 }] },
  operators: ['security'],
  ...overrides,
})
const click = (action: Click['action'], overrides: Partial<Click> = {}): Click => ({
  id: 'click-1',
  userId: 'U0BOB',
  teamId: 'T0001',
  action,
  at: at('10:10'),
  ...overrides,
})
const unreadable = { problem: 'Slack did not answer' }
const unknown = { answer: 'unknown', problem: 'Slack did not answer' }
const no = (code: string) => ({ answer: 'no', code })
const yes = { answer: 'yes' }
const pending = aRequest('pending')

describe('approving', () => {
  it("an approver may approve another person's request", () => {
    expect(judgeClick(pending, click('approve'), facts())).toEqual(yes)
  })

  it('an approver cannot approve their own request', () => {
    const own = click('approve', { userId: 'U0ALICE' })
    const groups = { platform: ['U0ALICE'], developers: ['U0ALICE'] }
    expect(judgeClick(pending, own, facts({ groups }))).toEqual(no('self_approval'))
  })

  it('somebody outside the approver groups cannot', () => {
    const dan = click('approve', { userId: 'U0DAN' })
    expect(judgeClick(pending, dan, facts())).toEqual(no('not_an_approver'))
  })

  it('a member of any of the approver groups may', () => {
    const entitlement = { requesters: ['developers'], approvals: [{ from: ['platform', 'security'], count: 1 }] }
    const groups = { platform: [], security: ['U0BOB'], developers: ['U0ALICE'] }
    expect(judgeClick(pending, click('approve'), facts({ groups, entitlement }))).toEqual(yes)
  })

  it('somebody from another organisation in a shared channel cannot, whatever group lists them', () => {
    const outside = click('approve', { teamId: 'T0002' })
    expect(judgeClick(pending, outside, facts())).toEqual(no('not_a_member'))
  })

  it.each(['guest', 'bot', 'deleted', 'outsider'] as const)('a %s cannot, whatever group lists them', standing => {
    const clicker = person('U0BOB', { standing })
    expect(judgeClick(pending, click('approve'), facts(withPerson('U0BOB', clicker)))).toEqual(no('not_a_member'))
  })

  it('somebody whose own team is another one cannot, though the click names ours', () => {
    const clicker = person('U0BOB', { teamId: 'T0002' })
    expect(judgeClick(pending, click('approve'), facts(withPerson('U0BOB', clicker)))).toEqual(no('not_a_member'))
  })

  it('does not help a requester who left the groups that may ask', () => {
    const groups = { platform: ['U0BOB'], developers: ['U0DAN'] }
    expect(judgeClick(pending, click('approve'), facts({ groups }))).toEqual(no('requester_not_allowed'))
  })

  it('does not help a requester who was deactivated', () => {
    const requester = person('U0ALICE', { standing: 'deleted' })
    expect(judgeClick(pending, click('approve'), facts(withPerson('U0ALICE', requester)))).toEqual(
      no('requester_not_allowed'),
    )
  })

  it.each<[string, Partial<ClickFacts>]>([
    ['the clicker', withPerson('U0BOB', unreadable)],
    ['the requester', withPerson('U0ALICE', unreadable)],
    ['the approver group', { groups: { platform: unreadable, developers: ['U0ALICE'] } }],
    ['the requester group', { groups: { platform: ['U0BOB'], developers: unreadable } }],
  ])('could not be told when %s could not be read: no yes and no final no', (_, missing) => {
    expect(judgeClick(pending, click('approve'), facts(missing))).toEqual(unknown)
  })
})

describe('a sensitive account', () => {
  it('takes approvals only of those who were approvers at submission', () => {
    const request = aRequest('pending', { approversAtSubmission: ['U0CAROL'] })
    expect(judgeClick(request, click('approve'), facts())).toEqual(no('joined_too_late'))
    const earlier = aRequest('pending', { approversAtSubmission: ['U0BOB', 'U0CAROL'] })
    expect(judgeClick(earlier, click('approve'), facts())).toEqual(yes)
  })
})

describe('two Slack people who are one person to AWS', () => {
  it('cannot approve for each other', () => {
    const twin = person('U0BOB', { awsNames: ['email:bob@example.com', 'iam:alice'] })
    expect(judgeClick(pending, click('approve'), facts(withPerson('U0BOB', twin)))).toEqual(no('same_identity'))
  })
})

describe('denying', () => {
  it('an approver may deny', () => {
    expect(judgeClick(pending, click('deny'), facts())).toEqual(yes)
  })

  it('an approver may deny whatever became of the requester', () => {
    const gone = facts({
      ...withPerson('U0ALICE', unreadable),
      groups: { platform: ['U0BOB'], developers: unreadable },
    })
    expect(judgeClick(pending, click('deny'), gone)).toEqual(yes)
  })

  it('somebody outside the approver groups cannot', () => {
    const dan = click('deny', { userId: 'U0DAN' })
    expect(judgeClick(pending, dan, facts())).toEqual(no('not_an_approver'))
  })

  it('the requester cancels instead', () => {
    const own = click('deny', { userId: 'U0ALICE' })
    expect(judgeClick(pending, own, facts())).toEqual(no('self_approval'))
  })
})

describe('cancelling', () => {
  it('the requester may cancel, though Slack can tell nothing', () => {
    const own = click('cancel', { userId: 'U0ALICE' })
    const nothing = facts({ people: {}, groups: {} })
    expect(judgeClick(pending, own, nothing)).toEqual(yes)
  })

  it('nobody else may, not even an approver', () => {
    expect(judgeClick(pending, click('cancel'), facts())).toEqual(no('not_your_request'))
  })
})

describe('ending early', () => {
  const own = click('end', { userId: 'U0ALICE' })
  const nothing = facts({ people: {}, groups: {}, entitlement: undefined })

  it('the requester may, though Slack can tell nothing and the catalogue has changed', () => {
    expect(judgeClick(aRequest('active'), own, nothing)).toEqual(yes)
  })

  it('nobody else may, be they approvers, nor anybody from another workspace', () => {
    expect(judgeClick(aRequest('active'), click('end'), facts())).toEqual(no('not_an_operator'))
    const outside = click('end', { userId: 'U0ALICE', teamId: 'T0002' })
    expect(judgeClick(aRequest('active'), outside, facts())).toEqual(no('not_a_member'))
  })

  it.each(
    statuses.filter(status => status !== 'active' && status !== 'stray'),
  )('there is nothing to end when the request is %s', status => {
    expect(judgeClick(aRequest(status), own, nothing)).toEqual(no('not_active'))
  })
})

describe('settling what cannot be removed', () => {
  const failing = aRequest('revoke_failed')
  const carols = (overrides: Partial<Click> = {}) => click('removed', { userId: 'U0CAROL', ...overrides })

  it('takes the word of an operator, and of nobody else', () => {
    expect(judgeClick(failing, carols(), facts())).toEqual(yes)
    expect(judgeClick(failing, click('removed'), facts())).toEqual(no('not_an_operator'))
    expect(judgeClick(failing, carols({ teamId: 'T0002' }), facts())).toEqual(no('not_a_member'))
  })

  it('never takes it of an operator for their own access, whatever Slack calls them', () => {
    const groups = { security: ['U0ALICE', 'U0CAROL'] }
    const own = carols({ userId: 'U0ALICE' })
    expect(judgeClick(failing, own, facts({ groups }))).toEqual(no('own_removal'))
    const twin = person('U0CAROL', { awsNames: ['iam:alice'] })
    expect(judgeClick(failing, carols(), facts(withPerson('U0CAROL', twin)))).toEqual(no('same_identity'))
  })

  it('could not be told while nobody can say who the requester is in AWS', () => {
    expect(judgeClick(failing, carols(), facts(withPerson('U0ALICE', unreadable)))).toEqual(unknown)
  })

  it.each(statuses.filter(status => status !== 'revoke_failed'))('is for nothing that is %s', status => {
    expect(judgeClick(aRequest(status), carols(), facts())).toEqual(no('not_failing'))
    expect(takesFacts(aRequest(status), carols())).toBe(status === 'pending')
  })
})

describe('an operator', () => {
  const carols = (overrides: Partial<Click> = {}) => click('end', { userId: 'U0CAROL', ...overrides })

  it.each(['granting', 'active', 'stray'] as const)("may end anybody's access that is %s", status => {
    expect(judgeClick(aRequest(status), carols(), facts())).toEqual(yes)
  })

  it('has no say in what waits for approvers, and nothing to end in what is over', () => {
    for (const status of statuses.filter(status => !['granting', 'active', 'stray'].includes(status))) {
      expect(judgeClick(aRequest(status), carols(), facts())).toEqual(no('not_active'))
    }
  })

  it('is nobody where the catalogue names none', () => {
    expect(judgeClick(aRequest('active'), carols(), facts({ operators: [] }))).toEqual(no('not_an_operator'))
  })

  it.each(['guest', 'bot', 'deleted', 'outsider'] as const)('is none as a %s, whatever group lists them', standing => {
    const clicker = person('U0CAROL', { standing })
    expect(judgeClick(aRequest('active'), carols(), facts(withPerson('U0CAROL', clicker)))).toEqual(no('not_a_member'))
  })

  it('is none from another organisation, whatever group lists them', () => {
    const outside = carols({ teamId: 'T0002' })
    expect(judgeClick(aRequest('active'), outside, facts())).toEqual(no('not_a_member'))
  })

  it.each<[string, Partial<ClickFacts>]>([
    ['they', withPerson('U0CAROL', unreadable)],
    ['the group', { groups: { security: unreadable } }],
  ])('could not be told when %s could not be read: no yes and no final no', (_, missing) => {
    expect(judgeClick(aRequest('active'), carols(), facts(missing))).toEqual(unknown)
  })

  it('takes a word of Slack where the click could count, and only there', () => {
    expect(takesFacts(aRequest('active'), carols())).toBe(true)
    expect(takesFacts(aRequest('stray'), carols({ userId: 'U0ALICE' }))).toBe(true)
    expect(takesFacts(aRequest('granting'), carols())).toBe(true)
    expect(takesFacts(aRequest('expired'), carols())).toBe(false)
    expect(takesFacts(aRequest('active'), carols({ userId: 'U0ALICE' }))).toBe(false)
    expect(takesFacts(aRequest('active'), click('approve'))).toBe(false)
  })
})

it.each(statuses.filter(status => status !== 'pending'))('nothing can be decided when the request is %s', status => {
  for (const action of ['approve', 'deny', 'cancel'] as const) {
    expect(judgeClick(aRequest(status), click(action), facts())).toEqual(no('already_decided'))
  }
})

describe('membership', () => {
  it('is yes when one group lists the person, though another could not be read', () => {
    const groups = { a: unreadable, b: ['U0BOB'] }
    expect(isIn(['a', 'b'], { groups }, 'U0BOB', 'not_an_approver')).toEqual(yes)
    expect(isIn(['b', 'a'], { groups }, 'U0BOB', 'not_an_approver')).toEqual(yes)
  })

  it('could not be told when a group that might list the person could not be read', () => {
    expect(isIn(['a', 'b'], { groups: { a: unreadable, b: [] } }, 'U0BOB', 'not_an_approver')).toEqual(unknown)
  })

  it('could not be told of a group that nobody read', () => {
    expect(isIn(['a'], { groups: {} }, 'U0BOB', 'not_an_approver').answer).toBe('unknown')
  })

  it('in no group at all is a no', () => {
    expect(isIn([], { groups: {} }, 'U0BOB', 'not_an_approver')).toEqual(no('not_an_approver'))
  })

  it('of the workspace is a yes only for full members of it', () => {
    expect(mayAct(person('U0BOB'), 'T0001', 'not_a_member')).toEqual(yes)
    expect(mayAct(person('U0BOB'), 'T0002', 'not_a_member')).toEqual(no('not_a_member'))
    expect(mayAct(unreadable, 'T0001', 'not_a_member')).toEqual(unknown)
  })
})
