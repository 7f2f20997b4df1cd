import { describe, expect, it } from 'vitest'
import type { Clock, Table, Written } from '../../src/app/ports.ts'
import type { AccessRequest, Status } from '../../src/core/access-request.ts'
import type { Instant } from '../../src/core/instant.ts'
import type { Finding } from '../../src/core/reconcile.ts'
import {
  aMember,
  anEndAll,
  anEntryRequest,
  anId,
  aRequest,
  aRoleRequest,
  aRoster,
  aSetRequest,
  at,
  delivered,
  someId,
  statuses,
} from './builders.ts'

const prodReadOnly = { accountId: '111111111111', permissionSet: 'Curfew-ReadOnly' }
const noon: Clock = { now: () => at('12:00'), after: async () => {} }

/** What every table has to do. `make` gives a fresh, empty one. */
export function tableContract(name: string, make: (clock: Clock) => Promise<Table>): void {
  describe(`${name} keeps the table's contract`, () => {
    describe('writing an identity', () => {
      it('stores it once per version, is never due, and gives it back as it was', async () => {
        const table = await make(noon)
        const places = { '222222222222': { name: 'alice', id: 'AIDAALICE00000000001' } }
        const identity = { slackUserId: 'U0ALICE', version: 0, writeId: '', places }
        expect(await table.identity('U0ALICE')).toBeUndefined()
        const written = await table.writeIdentity(identity)
        expect(written).toMatchObject({ stored: { version: 1, places } })
        expect(await table.writeIdentity(identity)).toMatchObject({ current: { version: 1, places } })
        expect(await table.identity('U0ALICE')).toMatchObject({ slackUserId: 'U0ALICE', version: 1, places })
        expect(await table.due(at('23:59'))).toEqual([])
      })
    })

    describe('writing whom an AWS identity belongs to', () => {
      it('stores the first of two, apart for each place, is never due, and gives it back as it was', async () => {
        const table = await make(noon)
        const key = { place: '222222222222', id: 'AIDAALICE00000000001' }
        const owner = (slackUserId: string) => ({ ...key, slackUserId, version: 0, writeId: '' })
        expect(await table.identityOwner(key)).toBeUndefined()
        const stored = storedIn(await table.writeIdentityOwner(owner('U0ALICE')))
        expect(stored).toMatchObject({ ...key, slackUserId: 'U0ALICE', version: 1 })
        expect(await table.writeIdentityOwner(owner('U0MALLORY'))).toEqual({ current: stored })
        expect(await table.identityOwner(key)).toEqual(stored)
        expect(await table.identityOwner({ ...key, place: '111111111111' })).toBeUndefined()
        await table.writeIdentityOwner({ ...stored, slackUserId: 'U0ALICE2' })
        expect(await table.identityOwner(key)).toMatchObject({ slackUserId: 'U0ALICE2', version: 2 })
        expect(await table.due(at('23:59'))).toEqual([])
      })
    })

    describe('writing whose turn it is to change assignments', () => {
      it('stores the first of two, is never due, and gives it back as it was', async () => {
        const table = await make(noon)
        expect(await table.slots()).toBeUndefined()
        const held = { '111111111111': { permissionSet: 'Curfew-ReadOnly', until: at('12:01') } }
        const stored = storedIn(await table.writeSlots({ version: 0, writeId: '', held }))
        expect(await table.writeSlots({ version: 0, writeId: '', held: {} })).toEqual({ current: stored })
        expect(await table.slots()).toEqual({ version: 1, writeId: expect.stringMatching(/./), held })
        expect(await table.due(at('23:59'))).toEqual([])
      })
    })

    describe('writing a wish that everything of a person ends', () => {
      it('stores it once, is due as core says, and gives it back as it was', async () => {
        const table = await make(noon)
        const { id } = anEndAll()
        expect(await table.endAll(id)).toBeUndefined()
        const stored = storedIn(await table.writeEndAll(anEndAll({ requests: [anId(3)] })))
        expect(await table.writeEndAll(anEndAll())).toEqual({ current: stored })
        expect(await table.endAll(id)).toEqual(stored)
        expect(await table.due(at('10:29:59'))).toEqual([])
        expect(await table.due(at('10:30'))).toEqual([{ endAll: id }])
        expect(await table.live()).toEqual([{ endAll: id }])
        const notice = { shows: 'judged', begunAt: at('10:30'), channel: 'D0CAROL', ts: '1.1' }
        await table.writeEndAll({ ...stored, notice, closedAt: at('10:32') })
        expect(await table.endAll(id)).toMatchObject({ notice, closedAt: at('10:32') })
        expect(await table.due(at('23:59'))).toEqual([])
      })
    })

    describe('writing a request', () => {
      it('stores a new request as version 1, under a writeId of its own', async () => {
        const table = await make(noon)
        const stored = storedIn(await table.writeRequest(aRequest('checking')))
        expect(stored).toEqual({ ...aRequest('checking'), version: 1, writeId: expect.stringMatching(/./) })
        expect(await table.request(someId)).toEqual(stored)
      })

      it('stores a new request once: the second submission is shown what stands there', async () => {
        const table = await make(noon)
        const first = storedIn(await table.writeRequest(aRequest('checking')))
        expect(await table.writeRequest(aRequest('checking', { reason: 'again' }))).toEqual({ current: first })
        expect(await table.request(someId)).toEqual(first)
      })

      it('gives each write another writeId', async () => {
        const table = await make(noon)
        const first = storedIn(await table.writeRequest(aRequest('pending')))
        const second = storedIn(await table.writeRequest(first))
        expect(second.version).toBe(2)
        expect(second.writeId).not.toBe(first.writeId)
      })

      it('refuses a write on a version that is no longer the stored one, and shows the stored one', async () => {
        const table = await make(noon)
        const first = storedIn(await table.writeRequest(aRequest('pending')))
        const second = storedIn(await table.writeRequest({ ...first, reason: 'second' }))
        expect(await table.writeRequest({ ...first, reason: 'late' })).toEqual({ current: second })
        expect((await table.request(someId))?.reason).toBe('second')
      })

      it('refuses a later version of a request that was never stored', async () => {
        const table = await make(noon)
        expect(await table.writeRequest(aRequest('pending', { version: 3 }))).toEqual({ current: undefined })
        expect(await table.request(someId)).toBeUndefined()
      })

      it('lets exactly one of fifty racing writers win each version', async () => {
        const table = await make(noon)
        let read = storedIn(await table.writeRequest(aRequest('pending')))
        for (const version of [2, 3]) {
          const race = Array.from({ length: 50 }, (_, n) => table.writeRequest({ ...read, reason: `writer ${n}` }))
          const winners = (await Promise.all(race)).flatMap(written => ('stored' in written ? [written.stored] : []))
          expect(winners).toHaveLength(1)
          expect(winners[0]?.version).toBe(version)
          expect(await table.request(someId)).toEqual(winners[0])
          read = winners[0]!
        }
      })

      it('keeps what it stored, whatever becomes of the objects handed in and out', async () => {
        const table = await make(noon)
        const request = aRequest('pending')
        const stored = storedIn(await table.writeRequest(request))
        // Frozen objects refuse it, which is as good.
        for (const { history } of [request, stored])
          if (!Object.isFrozen(history)) history.push({ at: at('10:02'), event: 'scribbled' })
        expect((await table.request(someId))?.history).toEqual(aRequest('pending').history)
      })

      it.each(statuses)('gives a %s request back as it was, of either kind', async status => {
        const table = await make(noon)
        const makers = [aRequest, aSetRequest, aRoleRequest, anEntryRequest]
        const requests = [...makers.map(make => make(status)), everythingOptional(status)]
        for (const [n, request] of requests.entries()) {
          const sent = { ...request, id: anId(n) }
          const stored = storedIn(await table.writeRequest(sent))
          expect(await table.request(anId(n))).toEqual({ ...sent, version: 1, writeId: stored.writeId })
        }
      })
    })

    describe('what is due', () => {
      it('is in the order of the time it is due, with nothing that is due later', async () => {
        const table = await make(noon)
        for (const [n, time] of [
          [1, '11:40'],
          [2, '11:10'],
          [3, '12:00:01'],
          [4, '12:00'],
          [5, '11:20'],
          [6, '11:30'],
        ] as const) {
          await table.writeRequest(delivered(aRequest('active', { id: anId(n), expiresAt: at(time) })))
        }
        const inOrder = [2, 5, 6, 1, 4].map(n => ({ requestId: anId(n) }))
        expect(await table.due(at('12:00'))).toEqual(inOrder)
      })

      it('goes back as far as anything was missed', async () => {
        const table = await make(noon)
        await table.writeRequest(delivered(aRequest('active', { expiresAt: at('00:10') })))
        expect(await table.due(at('23:59'))).toEqual([{ requestId: someId }])
      })

      it('leaves out a request that has settled', async () => {
        const table = await make(noon)
        const active = storedIn(await table.writeRequest(delivered(aRequest('active'))))
        expect(await table.due(at('11:10'))).toEqual([{ requestId: someId }])
        const { version } = active
        await table.writeRequest(delivered(aRequest('expired', { version, proof })))
        expect(await table.due(at('23:59'))).toEqual([])
      })

      it('brings back a settled request that has something to say again', async () => {
        const table = await make(noon)
        const { version } = storedIn(await table.writeRequest(delivered(aRequest('denied'))))
        expect(await table.due(at('23:59'))).toEqual([])
        await table.writeRequest(aRequest('denied', { version }))
        expect(await table.due(at('23:59'))).toEqual([{ requestId: someId }])
      })

      it('names rosters and requests side by side', async () => {
        const table = await make(noon)
        await table.writeRequest(delivered(aRequest('active')))
        await table.writeRoster(aRoster([aMember({ state: 'absent', lookAt: at('11:00') })]))
        expect(await table.due(at('12:00'))).toEqual([{ roster: prodReadOnly }, { requestId: someId }])
      })
    })

    describe("a person's requests", () => {
      it('come newest first, only theirs, and no more than asked for', async () => {
        const table = await make(noon)
        const bob = { ...aRequest('pending').requester, slackUserId: 'U0BOB' }
        await table.writeRequest(aRequest('pending', { id: anId(1), submittedAt: at('09:00') }))
        await table.writeRequest(aRequest('expired', { id: anId(2), submittedAt: at('11:00') }))
        await table.writeRequest(aRequest('pending', { id: anId(3), submittedAt: at('10:00') }))
        await table.writeRequest(aRequest('pending', { id: anId(4), submittedAt: at('10:30'), requester: bob }))
        const ids = async (limit: number) => (await table.byRequester('U0ALICE', limit)).map(request => request.id)
        expect(await ids(10)).toEqual([anId(2), anId(3), anId(1)])
        expect(await ids(2)).toEqual([anId(2), anId(3)])
        expect(await table.byRequester('U0NOBODY', 10)).toEqual([])
      })
    })

    describe('reading for people', () => {
      it("finds a month's requests, newest first, at most so many", async () => {
        const table = await make(noon)
        const october = '2026-10-31T23:59:59Z' as Instant
        await table.writeRequest(aRequest('pending', { id: anId(1), submittedAt: at('09:00') }))
        await table.writeRequest(aRequest('denied', { id: anId(2), submittedAt: at('11:00') }))
        await table.writeRequest(aRequest('expired', { id: anId(3), submittedAt: october }))
        const ids = async (month: string, limit: number) =>
          (await table.byMonth(month, limit)).map(request => request.id)
        expect(await ids('2026-11', 10)).toEqual([anId(2), anId(1)])
        expect(await ids('2026-11', 1)).toEqual([anId(2)])
        expect(await ids('2026-10', 10)).toEqual([anId(3)])
        expect(await ids('2026-09', 10)).toEqual([])
      })

      it('finds everything that is due at some time, and nothing that is over', async () => {
        const table = await make(noon)
        await table.writeRequest(delivered(aRequest('active', { id: anId(1), expiresAt: at('23:00') })))
        await table.writeRequest(delivered(aRequest('expired', { id: anId(2), proof })))
        await table.writeRoster(aRoster([aMember({ heldBy: {} })]))
        const live = await table.live()
        expect(live).toHaveLength(2)
        expect(live).toEqual(expect.arrayContaining([{ requestId: anId(1) }, { roster: prodReadOnly }]))
      })
    })

    describe('remembering the last comparison', () => {
      it('stores it once per version and gives it back as it was', async () => {
        const table = await make(noon)
        const mark = { version: 0, writeId: '', day: '2026-11-21', aliveAt: at('10:00'), done: false, standing: '0.5' }
        expect(await table.reconciled()).toBeUndefined()
        expect(await table.writeReconciled(mark)).toMatchObject({ stored: { version: 1, day: '2026-11-21' } })
        expect(await table.writeReconciled(mark)).toMatchObject({ current: { version: 1 } })
        expect(await table.reconciled()).toEqual({ ...mark, version: 1, writeId: expect.stringMatching(/./) })
        expect(await table.live()).toEqual([])
      })

      it('keeps what was found in each place, the latest of each, and gives it back as it was', async () => {
        const table = await make(noon)
        const policy = { accountId: '222222222222', principal: 'user', name: 'alice', policyName: 'curfew-x' } as const
        const permissionSetArn = 'arn:aws:sso:::permissionSet/ssoins-1/ps-1'
        const place = { ...prodReadOnly, permissionSetArn }
        const group = { principalType: 'GROUP', principalId: 'group-1', name: 'platform' } as const
        const findings: Finding[] = [
          { kind: 'stray_policy', ...policy, because: 'expired' },
          { kind: 'missing_policy', ...policy, requestId: someId },
          { kind: 'missing_assignment', ...place, principalId: 'p-1', userName: 'alice', requestIds: [someId] },
          { kind: 'foreign_assignment', ...place, principalType: 'USER', principalId: 'p-2' },
          { kind: 'group_assignment', ...place, ...group },
        ]
        const look = { place: '222222222222', version: 0, writeId: '', at: at('10:00'), findings }
        expect(await table.looks()).toEqual([])
        const first = storedIn(await table.writeLook(look))
        expect(await table.writeLook(look)).toEqual({ current: first })
        const other = storedIn(await table.writeLook({ ...look, place: '111111111111/Curfew-ReadOnly', findings: [] }))
        const second = storedIn(await table.writeLook({ ...first, at: at('11:00') }))
        expect(second).toMatchObject({ version: 2, at: at('11:00'), findings })
        expect((await table.looks()).sort((one, two) => (one.place < two.place ? -1 : 1))).toEqual([other, second])
        expect(await table.reconciled()).toBeUndefined()
        expect(await table.live()).toEqual([])
      })
    })

    describe('writing a roster', () => {
      it('gives a roster back as it was', async () => {
        const table = await make(noon)
        const full = aRoster(
          [
            aMember(),
            aMember({
              principalId: 'principal-dan',
              state: 'removing',
              heldBy: {},
              operation: { kind: 'remove', id: 'op-1' },
              lookAt: at('12:01'),
              retry: { attempts: 1, at: at('12:01'), since: at('12:00'), problem: 'Conflict' },
            }),
            aMember({
              principalId: 'principal-erin',
              state: 'absent',
              failure: { code: 'already_held', message: 'through the group developers' },
            }),
          ],
          {
            claim: { token: 'worker-1', at: at('11:59'), until: at('12:00'), quietBefore: at('11:50') },
            quietAt: at('12:06'),
            retry: { attempts: 2, at: at('12:01'), since: at('11:58'), problem: 'Identity Center is throttling' },
          },
        )
        const stored = storedIn(await table.writeRoster(full))
        expect(stored).toEqual({ ...full, version: 1, writeId: expect.stringMatching(/./) })
        expect(await table.roster(prodReadOnly)).toEqual(stored)
        expect(await table.roster({ ...prodReadOnly, accountId: '222222222222' })).toBeUndefined()
      })

      it('keeps an empty roster', async () => {
        const table = await make(noon)
        const stored = storedIn(await table.writeRoster(aRoster()))
        expect(await table.roster(prodReadOnly)).toEqual(stored)
        expect(await table.due(at('23:59'))).toEqual([])
      })

      it('is due at the time of the write when somebody has to come or go', async () => {
        const table = await make(noon)
        await table.writeRoster(aRoster([aMember({ heldBy: {} })]))
        expect(await table.due(at('11:59:59'))).toEqual([])
        expect(await table.due(at('12:00'))).toEqual([{ roster: prodReadOnly }])
      })

      it('refuses a write on a version that is no longer the stored one', async () => {
        const table = await make(noon)
        const first = storedIn(await table.writeRoster(aRoster()))
        const second = storedIn(await table.writeRoster({ ...first, quietAt: at('13:00') }))
        expect(await table.writeRoster({ ...first, quietAt: at('14:00') })).toEqual({ current: second })
        expect(await table.writeRoster(aRoster())).toEqual({ current: second })
      })
    })
  })
}

const proof = { at: at('11:12'), answer: 'otherwise', note: 'AdministratorAccess' } as const

/** The request in that status with every field that may be left out. */
function everythingOptional(status: Status): AccessRequest {
  return {
    ...aRequest(status),
    ticket: 'OPS-42',
    clicks: [{ id: 'click-9', userId: 'U0BOB', teamId: 'T0001', action: 'deny', reason: '後で', at: at('10:09') }],
    replies: [{ clickId: 'click-8', userId: 'U0ALICE', code: 'self_approval' }],
    history: [{ at: at('10:00'), event: 'retry', note: 'AWS is throttling', count: 3 }],
    announced: {
      approvals: { shows: 'pending', channel: 'C0ALERT', ts: '1.2', begunAt: at('10:01'), elsewhere: 'is_archived' },
      asked: {
        shows: '',
        givenUp: 'pending',
        unsent: true,
        retry: { attempts: 3, at: at('10:09'), since: at('10:01'), problem: 'user_disabled', refusals: 3 },
      },
      'reply.click-8': { shows: 'x' },
    },
    retries: {
      judge: { attempts: 1, at: at('10:02'), since: at('10:01'), problem: 'Slack did not answer' },
      proof: { attempts: 2, at: at('11:14'), since: at('11:12'), problem: 'Rate exceeded' },
    },
    claim: { token: 'worker-1', at: at('10:11'), until: at('10:12'), quietBefore: at('10:05') },
    quietAt: at('10:18'),
    lookAt: at('10:13'),
  }
}

function storedIn<T>(written: Written<T>): T {
  if (!('stored' in written)) throw new Error(`not stored; there is ${JSON.stringify(written.current)}`)
  return written.stored
}
