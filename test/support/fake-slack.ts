import type { Announcer, Directory, Notices } from '../../src/app/ports.ts'
import type { Announcement } from '../../src/core/announcements.ts'
import { endAllShows } from '../../src/core/end-all.ts'
import { Fault } from '../../src/core/errors.ts'

/** Slack in memory: people, groups, and the messages that were posted, each with what it shows now. */
export type FakeSlack = {
  directory: Directory
  announcer: Announcer
  notices: Notices
  /** `<request> <key>` → what each post of it shows; more than one entry is a message posted twice. */
  messages: { ts: string; name: string; shows: string[]; elsewhere?: string }[]
  groups: Record<string, string[]>
  standing: Record<string, 'member' | 'guest' | 'bot' | 'deleted' | 'outsider'>
  /** Down: every call fails, unanswered. `unheard`: posts take effect and are not answered. */
  state: 'up' | 'down' | 'unheard'
  /** Asked before each call of the announcer: a fault it ends in, without effect. */
  fate: (call: 'post' | 'update' | 'find', announcement: Announcement) => Fault | undefined
}

/** Slack refuses what goes to a channel that is archived, or to somebody who is deactivated. */
export function aChannelGone(): Fault {
  return new Fault('channel_gone', 'Slack chat.postMessage: is_archived', { retryable: false, answered: true })
}

/** Makes the Slack of the builders: Bob in platform, Alice and Dai in developers. */
export function createFakeSlack(): FakeSlack {
  const fail = () => new Fault('no_answer', 'Slack did not answer', { retryable: true, answered: false })
  const reach = () => {
    if (fake.state === 'down') throw fail()
  }
  const announce = (call: 'post' | 'update' | 'find', announcement: Announcement) => {
    reach()
    const fault = fake.fate(call, announcement)
    if (fault) throw fault
  }
  let posted = 0
  const fake: FakeSlack = {
    messages: [],
    groups: { S0PLATFORM: ['U0BOB', 'U0EVE'], S0DEV: ['U0ALICE', 'U0BOB', 'U0DAI'] },
    standing: {},
    state: 'up',
    fate: () => undefined,
    directory: {
      person: async userId => {
        reach()
        const standing = fake.standing[userId] ?? 'member'
        const name = userId.slice(2).toLowerCase()
        const profile = { name, email: `${name}@example.com`, language: 'en' as const, timeZone: 'Asia/Tokyo' }
        return { userId, teamId: 'T0001', standing, ...profile }
      },
      groupMembers: async group => {
        reach()
        return fake.groups[group] ?? []
      },
    },
    notices: {
      post: async (endAll, requests) => {
        reach()
        const ts = `${1_795_255_200 + posted++}.000000`
        fake.messages.push({ ts, name: endAll.id, shows: [endAllShows(endAll, requests)] })
        if (fake.state === 'unheard') throw fail()
        return { channel: 'D0', ts }
      },
      update: async (endAll, requests, { ts }) => {
        reach()
        const message = fake.messages.find(candidate => candidate.ts === ts)
        message?.shows.push(endAllShows(endAll, requests))
      },
      find: async ({ id }) => {
        reach()
        const found = fake.messages.find(({ name }) => name === id)
        return found && { channel: 'D0', ts: found.ts }
      },
    },
    announcer: {
      post: async (request, announcement) => {
        announce('post', announcement)
        const { key, shows, elsewhere } = announcement
        const ts = `${1_795_255_200 + posted++}.000000`
        fake.messages.push({ ts, name: `${request.id} ${key}`, shows: [shows], ...(elsewhere && { elsewhere }) })
        if (fake.state === 'unheard') throw fail()
        return { channel: elsewhere ? 'C0ALERT' : 'C0APPROVE', ts }
      },
      update: async (_request, announcement, { ts }) => {
        announce('update', announcement)
        const message = fake.messages.find(candidate => candidate.ts === ts)
        if (!message) throw new Fault('message_gone', 'deleted', { retryable: false, answered: true })
        message.shows.push(announcement.shows)
      },
      find: async (request, announcement) => {
        announce('find', announcement)
        const { key, elsewhere } = announcement
        const found = fake.messages.find(
          message => message.name === `${request.id} ${key}` && message.elsewhere === elsewhere,
        )
        return found && { channel: elsewhere ? 'C0ALERT' : 'C0APPROVE', ts: found.ts }
      },
    },
  }
  return fake
}
