import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAnnouncer } from '../../../src/adapters/slack/announcer.ts'
import { createSlackClients } from '../../../src/adapters/slack/clients.ts'
import type { Announcer } from '../../../src/app/ports.ts'
import type { Announcement } from '../../../src/core/announcements.ts'
import { aCatalogue, aRequest, at, someId } from '../../support/builders.ts'
import { type SlackStub, startSlackStub } from './slack-stub.ts'

const approvals: Announcement = { key: 'approvals', kind: 'approvals', shows: 'pending' }
const asked: Announcement = { key: 'asked', kind: 'asked', shows: 'pending' }
const reply: Announcement = {
  key: 'reply.c1',
  kind: 'reply',
  shows: 'not_an_approver',
  reply: { clickId: 'c1', userId: 'U0DAVE', code: 'not_an_approver' },
}

let slack: SlackStub
let announcer: Announcer
beforeEach(async () => {
  slack = await startSlackStub({
    'conversations.open': { channel: { id: 'D0ALICE' } },
    'chat.postMessage': ({ channel }) => ({ channel, ts: '1.1' }),
    'chat.postEphemeral': { message_ts: '2.2' },
    'conversations.history': { messages: [] },
  })
  announcer = createAnnouncer(createSlackClients('xoxb-1', slack.url).worker, { catalogue: aCatalogue() })
})
afterEach(() => slack.stop())

describe('a post', () => {
  it('for approvers goes to their channel, findable by its metadata, with a text and no previews', async () => {
    expect(await announcer.post(aRequest('pending'), approvals)).toEqual({ channel: 'C0APPROVE', ts: '1.1' })
    expect(slack.callsOf('chat.postMessage')).toMatchObject([
      {
        channel: 'C0APPROVE',
        text: 'Access request by <@U0ALICE>: One DynamoDB table in Development – Development. Waiting for approval.',
        metadata: { event_type: 'curfew_announcement', event_payload: { requestId: someId, key: 'approvals' } },
        unfurl_links: 'false',
        unfurl_media: 'false',
      },
    ])
  })

  it('for the requester goes to their direct message', async () => {
    expect(await announcer.post(aRequest('pending'), asked)).toEqual({ channel: 'D0ALICE', ts: '1.1' })
    expect(slack.callsOf('conversations.open')).toEqual([{ users: 'U0ALICE' }])
  })

  it('for operators goes to the alerts channel', async () => {
    const alert: Announcement = { key: 'alert', kind: 'alert', shows: 'revoke_failed' }
    expect(await announcer.post(aRequest('revoke_failed'), alert)).toEqual({ channel: 'C0ALERT', ts: '1.1' })
  })

  it('whose own channel is gone goes to the other one, with a line that says so', async () => {
    const moved = { ...approvals, elsewhere: 'Slack chat.postMessage: is_archived' }
    expect(await announcer.post(aRequest('pending'), moved)).toEqual({ channel: 'C0ALERT', ts: '1.1' })
    const [{ blocks } = { blocks: [] }] = slack.callsOf('chat.postMessage')
    expect((blocks as unknown[]).at(-1)).toEqual({
      type: 'context',
      elements: [
        {
          type: 'mrkdwn',
          text: ':warning: It is here because <#C0APPROVE> cannot be posted to: `Slack chat.postMessage: is_archived`. Invite the bot there again, or correct the catalogue.',
          verbatim: true,
        },
      ],
    })
    const alert: Announcement = { key: 'alert', kind: 'alert', shows: 'revoke_failed', elsewhere: 'gone' }
    expect(await announcer.post(aRequest('revoke_failed'), alert)).toEqual({ channel: 'C0APPROVE', ts: '1.1' })
  })

  it('to somebody written to before does not ask for their direct message again', async () => {
    await announcer.post(aRequest('pending'), asked)
    await announcer.find(aRequest('pending'), asked)
    expect(slack.callsOf('conversations.open')).toHaveLength(1)
  })

  it('whose answer lacks the place counts as unheard', async () => {
    slack.answers['chat.postMessage'] = {}
    await expect(announcer.post(aRequest('pending'), approvals)).rejects.toMatchObject({
      retryable: true,
      answered: false,
    })
  })
})

describe('a reply', () => {
  it('is seen by the clicker only, in the approvals channel', async () => {
    expect(await announcer.post(aRequest('pending'), reply)).toEqual({ channel: 'C0APPROVE', ts: '2.2' })
    expect(slack.callsOf('chat.postEphemeral')).toMatchObject([
      {
        channel: 'C0APPROVE',
        user: 'U0DAVE',
        text: 'One DynamoDB table in Development: Your click changed nothing: you are not an approver of this request. Ask one of its approvers to decide.',
      },
    ])
  })

  it('to the cancel button goes to the direct message it is in', async () => {
    const request = aRequest('active')
    request.history.push({ at: at('10:20'), event: 'cancel_refused', by: 'U0ALICE', clickId: 'c1' })
    await announcer.post(request, { ...reply, reply: { clickId: 'c1', userId: 'U0ALICE', code: 'already_decided' } })
    expect(slack.callsOf('chat.postEphemeral')).toMatchObject([{ channel: 'D0ALICE', user: 'U0ALICE' }])
  })

  it('to somebody who tried to end access of others is in the approvals channel, where they clicked', async () => {
    const request = aRequest('active')
    request.history.push({ at: at('10:20'), event: 'end_refused', by: 'U0DAVE', clickId: 'c1' })
    await announcer.post(request, { ...reply, reply: { clickId: 'c1', userId: 'U0DAVE', code: 'not_an_operator' } })
    expect(slack.callsOf('chat.postEphemeral')).toMatchObject([{ channel: 'C0APPROVE', user: 'U0DAVE' }])
  })

  it('to the word of an operator is beside the alert', async () => {
    const request = aRequest('revoke_failed')
    request.history.push({ at: at('11:30'), event: 'removed_refused', by: 'U0CAROL', clickId: 'c1' })
    const answer = { ...reply, reply: { clickId: 'c1', userId: 'U0CAROL', code: 'still_listed' as const } }
    await announcer.post(request, answer)
    await announcer.post({ ...request, announced: { alert: { shows: 'revoke_failed', channel: 'C0OTHER' } } }, answer)
    expect(slack.callsOf('chat.postEphemeral')).toMatchObject([{ channel: 'C0ALERT' }, { channel: 'C0OTHER' }])
  })

  it('to a click at a stray is in the alerts channel, where its button is', async () => {
    const request = aRequest('stray')
    request.history.push({ at: at('12:00'), event: 'end_refused', by: 'U0ALICE', clickId: 'c1' })
    await announcer.post(request, { ...reply, reply: { clickId: 'c1', userId: 'U0ALICE', code: 'not_an_operator' } })
    expect(slack.callsOf('chat.postEphemeral')).toMatchObject([{ channel: 'C0ALERT', user: 'U0ALICE' }])
  })

  it('is beside the message that asked for the click, wherever that had to be posted', async () => {
    const announced = { approvals: { shows: 'pending', channel: 'C0ALERT', ts: '1.1', elsewhere: 'is_archived' } }
    await announcer.post(aRequest('pending', { announced }), reply)
    expect(slack.callsOf('chat.postEphemeral')).toMatchObject([{ channel: 'C0ALERT', user: 'U0DAVE' }])
  })

  it.each([
    ['reads the channel without having joined', 'user_not_in_channel'],
    ['clicked in a channel that is gone since', 'is_archived'],
  ])('to somebody who %s goes to them directly', async (_, error) => {
    slack.answers['chat.postEphemeral'] = { error }
    expect(await announcer.post(aRequest('pending'), reply)).toEqual({ channel: 'D0ALICE', ts: '1.1' })
    expect(slack.callsOf('conversations.open')).toEqual([{ users: 'U0DAVE' }])
  })

  it('leaves nothing to find or update', async () => {
    expect(await announcer.find(aRequest('pending'), reply)).toBeUndefined()
    await announcer.update(aRequest('pending'), reply, { channel: 'C0APPROVE', ts: '2.2' })
    expect(slack.calls).toEqual([])
  })
})

describe('an update', () => {
  const place = { channel: 'C0APPROVE', ts: '1.1' }

  it('replaces the message in its place and keeps its metadata', async () => {
    await announcer.update(aRequest('denied'), approvals, place)
    expect(slack.callsOf('chat.update')).toMatchObject([
      { ...place, metadata: { event_payload: { requestId: someId, key: 'approvals' } } },
    ])
  })

  it('of a deleted message is told from other faults', async () => {
    slack.answers['chat.update'] = { error: 'message_not_found' }
    await expect(announcer.update(aRequest('denied'), approvals, place)).rejects.toMatchObject({
      code: 'message_gone',
    })
  })
})

describe('finding', () => {
  const ours = (requestId: string, key: string, ts: string) => ({
    ts,
    metadata: { event_type: 'curfew_announcement', event_payload: { requestId, key } },
  })

  it('goes by request and key', async () => {
    slack.answers['conversations.history'] = {
      messages: [
        { ts: '9.9' },
        { ts: '9.8', metadata: { event_type: 'other', event_payload: { requestId: someId, key: 'approvals' } } },
        ours(someId, 'asked', '9.7'),
        ours('req_00000000000000000009', 'approvals', '9.6'),
        ours(someId, 'approvals', '9.5'),
      ],
    }
    expect(await announcer.find(aRequest('pending'), approvals)).toEqual({ channel: 'C0APPROVE', ts: '9.5' })
    expect(slack.callsOf('conversations.history')).toEqual([
      { channel: 'C0APPROVE', include_all_metadata: 'true', limit: '200' },
    ])
  })

  it('looks no further back than the decision to post it, page after page', async () => {
    slack.answers['conversations.history'] = ({ cursor }) =>
      cursor === 'c2'
        ? { messages: [ours(someId, 'approvals', '9.1')] }
        : { messages: [ours(someId, 'asked', '9.7')], response_metadata: { next_cursor: 'c2' } }
    const announced = { approvals: { shows: '', begunAt: at('10:01') } }
    expect(await announcer.find(aRequest('pending', { announced }), approvals)).toMatchObject({ ts: '9.1' })
    // 2026-11-21T09:56:00Z: five minutes for what two clocks may differ by.
    const page = { channel: 'C0APPROVE', include_all_metadata: 'true', limit: '200', oldest: '1795254960' }
    expect(slack.callsOf('conversations.history')).toEqual([page, { ...page, cursor: 'c2' }])
  })

  it('gives up after a few pages', async () => {
    slack.answers['conversations.history'] = { messages: [], response_metadata: { next_cursor: 'more' } }
    expect(await announcer.find(aRequest('pending'), approvals)).toBeUndefined()
    expect(slack.callsOf('conversations.history')).toHaveLength(5)
  })

  it('finds nothing where nothing was posted', async () => {
    expect(await announcer.find(aRequest('pending'), asked)).toBeUndefined()
  })
})
