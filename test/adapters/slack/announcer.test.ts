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

  it('to somebody who reads the channel without having joined goes to them directly', async () => {
    slack.answers['chat.postEphemeral'] = { error: 'user_not_in_channel' }
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
      { channel: 'C0APPROVE', include_all_metadata: 'true', limit: '100' },
    ])
  })

  it('finds nothing where nothing was posted', async () => {
    expect(await announcer.find(aRequest('pending'), asked)).toBeUndefined()
  })
})
