import type { Ports, Table, Written } from '../../src/app/ports.ts'
import { recordClick } from '../../src/app/record-click.ts'
import { submitRequest } from '../../src/app/submit-request.ts'
import { sweep } from '../../src/app/sweep.ts'
import type { AccessRequest, ClickAction } from '../../src/core/access-request.ts'
import type { EndAll } from '../../src/core/end-all.ts'
import type { RequestId } from '../../src/core/ids.ts'
import type { Roster } from '../../src/core/roster.ts'
import { aCatalogue, anId, someId } from './builders.ts'
import { type AwsBehind, createFakeAws, type FakeAws } from './fake-aws.ts'
import { createFakeClock, type FakeClock } from './fake-clock.ts'
import { createFakeSlack, type FakeSlack } from './fake-slack.ts'
import { createMemoryTable, type TableHook } from './memory-table.ts'

/** The whole application on small working stand-ins. Hints go nowhere: the sweep alone does the work. */
export type Bench<Aws extends AwsBehind = FakeAws> = {
  clock: FakeClock
  aws: Aws
  slack: FakeSlack
  ports: Ports
  catalogue: ReturnType<typeof aCatalogue>
  submit(overrides?: {
    n?: number
    entitlementId?: string
    durationMinutes?: number
    slackUserId?: string
    parameters?: Record<string, string>
  }): Promise<RequestId>
  click(
    action: ClickAction,
    userId: string,
    more?: { id?: string; request?: RequestId; reason?: string; teamId?: string },
  ): Promise<void>
  /** Sweeps, moving the clock to whatever is due within so many minutes, until nothing is. Fails if it never ends. */
  run(minutes?: number): Promise<void>
  request(id?: RequestId): Promise<AccessRequest>
  /** Requests, rosters and wishes as they were last stored, by whatever process: looking costs no call. */
  items(): { requests: AccessRequest[]; others: (Roster | EndAll)[] }
  /** The same world as another process sees it, through its own ports. */
  through(ports: Ports): Bench<Aws>
}

/** Puts the bench together; `hook` sees every table operation. */
export function createBench(hook?: TableHook): Bench {
  const clock = createFakeClock()
  const aws = createFakeAws(clock)
  const { inlinePolicies, simulator, assignments, leashes, accounts } = aws
  const table = createMemoryTable({ clock, ...(hook && { hook }) })
  return createBenchOn({ clock, aws, adapters: { table, inlinePolicies, simulator, assignments, leashes, accounts } })
}

/** The same with another table and another AWS behind the ports. */
export function createBenchOn<Aws extends AwsBehind>({
  clock,
  aws,
  adapters,
}: {
  clock: FakeClock
  aws: Aws
  adapters: Pick<Ports, 'table' | 'inlinePolicies' | 'simulator' | 'assignments' | 'leashes' | 'accounts'>
}): Bench<Aws> {
  const slack = createFakeSlack()
  const catalogue = aCatalogue()
  const requests = new Map<string, AccessRequest>()
  const others = new Map<string, Roster | EndAll>()
  const { writeRequest, writeRoster, writeEndAll } = adapters.table
  const table: Table = {
    ...adapters.table,
    writeRequest: async request => noted(await writeRequest(request), requests, request.id),
    writeRoster: async roster =>
      noted(await writeRoster(roster), others, `${roster.accountId}/${roster.permissionSet}`),
    writeEndAll: async endAll => noted(await writeEndAll(endAll), others, endAll.id),
  }
  let tokens = 0
  let clicks = 0
  return benchOf({
    ...{ ...adapters, table },
    clock,
    directory: slack.directory,
    announcer: slack.announcer,
    notices: slack.notices,
    log: () => undefined,
    audit: () => undefined,
    wake: () => undefined,
    grantsOn: true,
    token: () => `token-${++tokens}`,
  })

  function benchOf(ports: Ports): Bench<Aws> {
    return {
      ...{ clock, aws, slack, ports, catalogue, through: benchOf },
      items: () => ({ requests: [...requests.values()], others: [...others.values()] }),
      async submit({
        n = 1,
        entitlementId = 'dev-table',
        durationMinutes = 60,
        slackUserId = 'U0ALICE',
        parameters = entitlementId === 'dev-table' ? { table: 'orders' } : {},
      } = {}) {
        const submitted = await submitRequest(ports, catalogue, {
          requestId: anId(n),
          slackUserId,
          entitlementId,
          accountKey: catalogue.entitlements[entitlementId]?.accounts[0] ?? '',
          parameters,
          durationMinutes,
          reason: 'Order 42',
          ticket: 'OPS-42',
        })
        if ('problems' in submitted) throw new Error(JSON.stringify(submitted.problems))
        return submitted.requestId
      },
      async click(action, userId, { id = `click-${++clicks}`, request = someId, reason, teamId = 'T0001' } = {}) {
        await recordClick(ports, request, { id, userId, teamId, action, ...(reason === undefined ? {} : { reason }) })
      },
      async run(minutes = 0) {
        const seconds = Math.round(minutes * 60)
        for (let second = 0; second <= seconds; second += 10) {
          for (let rounds = 0; (await sweep(ports, catalogue)) > 0 && rounds < 6; rounds++);
          if (second < seconds) clock.advanceSeconds(10)
        }
      },
      async request(id = someId) {
        const request = await ports.table.request(id)
        if (!request) throw new Error(`no request ${id}`)
        return request
      },
    }
  }
}

function noted<T, S extends T>(written: Written<S>, items: Map<string, T>, name: string): Written<S> {
  if ('stored' in written) items.set(name, written.stored)
  return written
}
