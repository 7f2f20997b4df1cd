import { App } from '@slack/bolt'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSlackClients } from '../../../src/adapters/slack/clients.ts'
import { createDirectory } from '../../../src/adapters/slack/directory.ts'
import { registerListeners } from '../../../src/adapters/slack/register.ts'
import type { ItemRef, Ports, Table } from '../../../src/app/ports.ts'
import { Fault } from '../../../src/core/errors.ts'
import { aCatalogue, aRequest, at, someId } from '../../support/builders.ts'
import { createFakeClock } from '../../support/fake-clock.ts'
import { createMemoryTable } from '../../support/memory-table.ts'
import { type SlackStub, startSlackStub } from './slack-stub.ts'

let slack: SlackStub
let app: App
let table: Table
let tableDown: boolean
let logged: { event: string; fields: Record<string, unknown> }[]
let woken: ItemRef[]

beforeEach(async () => {
  slack = await startSlackStub({
    'users.info': ({ user }) => ({ user: { id: user, team_id: 'T0001', locale: 'en-US', tz: 'UTC', profile: {} } }),
    'usergroups.users.list': { users: ['U0ALICE'] },
  })
  tableDown = false
  logged = []
  woken = []
  const { interactive } = createSlackClients('xoxb-1', slack.url)
  const clock = createFakeClock(at('10:00'))
  const hook = () => {
    if (tableDown) throw new Fault('unreachable', 'the table is down', { retryable: true, answered: false })
  }
  table = createMemoryTable({ clock, hook })
  // A listener never gets as far as AWS or as posting messages.
  const never = undefined as never
  const ports: Ports = {
    table,
    clock,
    directory: createDirectory(interactive, { clock, cacheSeconds: 60 }),
    inlinePolicies: never,
    simulator: never,
    assignments: never,
    leashes: never,
    accounts: never,
    announcer: never,
    notices: never,
    log: (event, fields) => logged.push({ event, fields }),
    audit: () => undefined,
    grantsOn: true,
    wake: item => woken.push(item),
    token: () => 'token',
  }
  app = new App({
    authorize: async () => ({ botToken: 'xoxb-1', botId: 'B1', botUserId: 'U0BOT' }),
    receiver: { init: () => {}, start: async () => {}, stop: async () => {} },
  })
  registerListeners(app, { ports, catalogue: aCatalogue(), client: interactive })
})
afterEach(() => slack.stop())

/** The clicks recorded on the request. */
const clicks = async () => (await table.request(someId))?.clicks

/** What Alice asked for. */
const asked = () => table.byRequester('U0ALICE', 10)

/** Delivers a payload as Slack would; returns what it was acknowledged with. */
async function deliver(body: Record<string, unknown>): Promise<unknown[]> {
  const acks: unknown[] = []
  await app.processEvent({ body, ack: async (response?: unknown) => void acks.push(response) })
  return acks
}

const team = { id: 'T0001', domain: 'example' }
const bob = { id: 'U0BOB', username: 'bob', team_id: 'T0001' }

const command = (user_id: string) => ({
  command: '/request-access',
  text: '',
  user_id,
  user_name: 'x',
  team_id: 'T0001',
  channel_id: 'C1',
  trigger_id: 'trigger-1',
  response_url: `${slack.url}respond`,
})

const buttonClick = (action_id: string, changes: object = {}, value: string = someId) => ({
  type: 'block_actions',
  team,
  user: bob,
  trigger_id: 'trigger-1',
  response_url: `${slack.url}respond`,
  actions: [{ type: 'button', block_id: 'b', action_id, value, action_ts: '1' }],
  ...changes,
})

const select = (value: string) => ({ type: 'static_select', selected_option: { value } })
const typed = (value: string) => ({ type: 'plain_text_input', value })
const filled = {
  entitlement: { entitlement: select('dev-table') },
  account: { 'account.dev-table': select('dev') },
  'parameter.table': { 'parameter.table': typed('orders') },
  duration: { 'duration.dev-table': select('60') },
  reason: { reason: typed('Look at order 42') },
}
const submission = (values: Record<string, object> = filled, changes: object = {}) => ({
  type: 'view_submission',
  team,
  user: { id: 'U0ALICE', name: 'alice', team_id: 'T0001' },
  view: {
    id: 'V1',
    type: 'modal',
    callback_id: 'request-access',
    private_metadata: 'dev-table',
    blocks: Object.keys(values).map(block_id => ({ type: 'input', block_id })),
    state: { values },
    ...changes,
  },
})
const denial = (reason: string | null) => ({
  ...submission(),
  user: bob,
  view: {
    id: 'V2',
    type: 'modal',
    callback_id: 'deny-request',
    private_metadata: someId,
    blocks: [{ type: 'input', block_id: 'reason' }],
    state: { values: { reason: { reason: { type: 'plain_text_input', value: reason } } } },
  },
})

function storedView(method: 'views.open' | 'views.update') {
  const view = slack.callsOf(method)[0]?.['view'] as { title: { text: string }; blocks: { block_id?: string }[] }
  return { title: view.title.text, blockIds: view.blocks.map(block => block.block_id), json: JSON.stringify(view) }
}

describe('/request-access', () => {
  it('opens the form with what the person may ask for, then acknowledges', async () => {
    expect(await deliver(command('U0ALICE'))).toEqual([undefined])
    expect(slack.callsOf('views.open')[0]).toMatchObject({ trigger_id: 'trigger-1' })
    expect(storedView('views.open').json).toContain('Production read-only')
  })

  it('offers nothing to somebody in no requester group', async () => {
    await deliver(command('U0MALLORY'))
    expect(storedView('views.open').json).toContain('There is nothing here that you may ask for yet.')
  })

  it('offers what cannot be told: the submission judges again', async () => {
    slack.answers['usergroups.users.list'] = { error: 'fatal_error' }
    await deliver(command('U0MALLORY'))
    expect(storedView('views.open').json).toContain('Production read-only')
  })

  it('is in the person’s language', async () => {
    slack.answers['users.info'] = { user: { id: 'U0ALICE', team_id: 'T0001', locale: 'ja-JP' } }
    await deliver(command('U0ALICE'))
    expect(storedView('views.open').title).toBe('アクセス申請')
  })

  it('tells people of other organisations that it is not for them', async () => {
    slack.answers['users.info'] = { user: { id: 'U0ALICE', team_id: 'T0OTHER' } }
    await deliver(command('U0ALICE'))
    expect(storedView('views.open').json).toContain('Only full members of this workspace can ask for access')
  })

  it('says so when the form cannot be opened', async () => {
    slack.answers['views.open'] = { error: 'expired_trigger_id' }
    expect(await deliver(command('U0ALICE'))).toEqual([
      {
        response_type: 'ephemeral',
        text: 'The form could not be opened: Slack did not answer in time. Type `/request-access` again.',
      },
    ])
    expect(logged).toMatchObject([{ event: 'slack.failed', fields: { listener: 'command', code: 'slack_refused' } }])
  })
})

describe('choosing an entitlement', () => {
  const choice = (entitlementId: string, values: object = {}) => ({
    ...buttonClick('entitlement', { user: { ...bob, id: 'U0ALICE' } }),
    actions: [{ block_id: 'entitlement', action_id: 'entitlement', ...select(entitlementId) }],
    view: { id: 'V1', state: { values: { entitlement: { entitlement: select(entitlementId) }, ...values } } },
  })

  it('redraws the form with the fields it needs, what was typed included', async () => {
    expect(await deliver(choice('dev-table', { reason: { reason: typed('because') } }))).toEqual([undefined])
    expect(slack.callsOf('views.update')[0]).toMatchObject({ view_id: 'V1' })
    expect(storedView('views.update').blockIds).toContain('parameter.table')
    expect(storedView('views.update').json).toContain('"initial_value":"because"')
  })

  it('is acknowledged and logged when Slack does not take the new form', async () => {
    slack.answers['views.update'] = { error: 'not_found' }
    expect(await deliver(choice('dev-table'))).toEqual([undefined])
    expect(logged).toMatchObject([{ event: 'slack.failed', fields: { listener: 'entitlement' } }])
  })
})

describe('sending the request form', () => {
  it('records the request under an id that the same form always has, then closes it', async () => {
    expect(await deliver(submission())).toEqual([undefined])
    expect(await deliver(submission())).toEqual([undefined])
    // sha256('T0001:V1'), its first 100 bits in Crockford's base32.
    expect(woken).toEqual([{ requestId: 'req_CT49X5SR5ZCHES79GXG4' }])
    expect(await asked()).toMatchObject([
      {
        id: 'req_CT49X5SR5ZCHES79GXG4',
        status: 'checking',
        requester: { slackUserId: 'U0ALICE' },
        parameters: { table: 'orders' },
        durationMinutes: 60,
        reason: 'Look at order 42',
      },
    ])
  })

  it('shows at each field what to mend', async () => {
    const wrong = { ...filled, 'parameter.table': { 'parameter.table': typed('a b') }, reason: { reason: typed(' ') } }
    expect(await deliver(submission(wrong))).toEqual([
      {
        response_action: 'errors',
        errors: {
          'parameter.table': 'This does not fit. 3 to 128 of these characters: A–Z a–z 0–9 _ . -',
          reason: 'Fill this in: it is needed.',
        },
      },
    ])
    expect(await asked()).toEqual([])
  })

  it('shows the fields first when it was drawn for another choice', async () => {
    const [ack] = await deliver(submission(filled, { private_metadata: 'prod-read-only' }))
    expect(ack).toMatchObject({ response_action: 'update', view: { private_metadata: 'dev-table' } })
    expect(await asked()).toEqual([])
  })

  it('is drawn anew when a field is wrong that it does not have', async () => {
    const { 'parameter.table': _, ...older } = filled
    const [ack] = await deliver(submission(older))
    expect(ack).toMatchObject({ response_action: 'update' })
    expect(JSON.stringify(ack)).toContain('parameter.table')
  })

  it('refuses who is in no requester group', async () => {
    slack.answers['usergroups.users.list'] = { users: [] }
    expect(await deliver(submission())).toMatchObject([
      { response_action: 'errors', errors: { entitlement: expect.stringMatching(/^You are not in a group/) } },
    ])
  })

  it('keeps the form and says so when the table is down', async () => {
    tableDown = true
    expect(await deliver(submission())).toEqual([
      {
        response_action: 'errors',
        errors: {
          entitlement: 'The request could not be recorded. Nothing is lost: send the form again, it counts once.',
        },
      },
    ])
    expect(slack.callsOf('respond')).toEqual([])
  })
})

describe('a click', () => {
  beforeEach(() => table.writeRequest(aRequest('pending')))

  it.each(['approve', 'cancel', 'end'])('on %s is recorded as it came, then acknowledged', async action => {
    expect(await deliver(buttonClick(action))).toEqual([undefined])
    // The first 20 hexadecimal digits of sha256('trigger-1').
    expect(await clicks()).toEqual([
      { id: '6c76b203f77a3d222e19', userId: 'U0BOB', teamId: 'T0001', action, at: at('10:00') },
    ])
  })

  it('delivered twice counts once', async () => {
    await deliver(buttonClick('approve'))
    await deliver(buttonClick('approve'))
    expect(await clicks()).toHaveLength(1)
  })

  it('carries the clicker’s own team, not the app’s', async () => {
    await deliver(buttonClick('approve', { user: { ...bob, team_id: 'T0OTHER' } }))
    expect(await clicks()).toMatchObject([{ teamId: 'T0OTHER' }])
  })

  it('carries the app’s team only where Slack names no other', async () => {
    await deliver(buttonClick('approve', { user: { id: 'U0BOB', username: 'bob' } }))
    expect(await clicks()).toMatchObject([{ teamId: 'T0001' }])
  })

  it('that cannot be recorded is said to the clicker', async () => {
    tableDown = true
    expect(await deliver(buttonClick('approve'))).toEqual([undefined])
    expect(slack.callsOf('respond')).toEqual([
      {
        response_type: 'ephemeral',
        replace_original: false,
        text: 'Your click could not be recorded. Please click again.',
      },
    ])
  })

  it('with a forged or unknown id changes nothing and says so', async () => {
    await deliver(buttonClick('approve', {}, 'req_x'))
    await deliver(buttonClick('approve', {}, 'req_00000000000000000009'))
    expect(slack.callsOf('respond').map(({ text }) => text)).toEqual([
      'This request is not known any more. Ask for a new one with `/request-access`.',
      'This request is not known any more. Ask for a new one with `/request-access`.',
    ])
    expect(await clicks()).toEqual([])
  })

  it('of somebody who clicked often without effect is turned away in words', async () => {
    for (let n = 0; n < 5; n++) await deliver(buttonClick('approve', { trigger_id: `trigger-${n}` }))
    await deliver(buttonClick('approve', { trigger_id: 'trigger-6' }))
    expect(await clicks()).toHaveLength(5)
    expect(slack.callsOf('respond')).toMatchObject([{ text: expect.stringMatching(/further clicks are not recorded/) }])
  })

  it('is not lost to a broken response_url: that is logged', async () => {
    slack.answers['respond'] = { http: 404 }
    tableDown = true
    expect(await deliver(buttonClick('approve'))).toEqual([undefined])
    expect(logged.map(({ event }) => event)).toEqual(['slack.failed', 'slack.failed'])
  })
})

describe('asking for more time', () => {
  const byAlice = { user: { ...bob, id: 'U0ALICE' } }
  beforeEach(() => table.writeRequest(aRequest('active')))

  it('opens the form for the same again, with how long and why left to say', async () => {
    expect(await deliver(buttonClick('extend', byAlice))).toEqual([undefined])
    const { json } = storedView('views.open')
    expect(slack.callsOf('views.open')[0]).toMatchObject({
      trigger_id: 'trigger-1',
      view: { callback_id: 'request-access', private_metadata: 'dev-table' },
    })
    expect(json).toContain('"initial_value":"orders"')
    expect(json).not.toContain('Look at order 42')
    expect(JSON.parse(json).blocks).toContainEqual(
      expect.objectContaining({
        block_id: 'duration',
        element: expect.not.objectContaining({ initial_option: expect.anything() }),
      }),
    )
    expect(await clicks()).toEqual([])
  })

  it('is for the requester alone', async () => {
    await deliver(buttonClick('extend'))
    expect(slack.callsOf('views.open')).toEqual([])
    expect(slack.callsOf('respond')).toMatchObject([{ text: expect.stringContaining('not known any more') }])
  })

  it('opens the form without a choice when the catalogue no longer offers it', async () => {
    const renamed = aRequest('active', { id: 'req_00000000000000000007', entitlementId: 'gone' })
    await table.writeRequest(renamed)
    await deliver(buttonClick('extend', byAlice, renamed.id))
    expect(slack.callsOf('views.open')[0]).toMatchObject({ view: { private_metadata: '' } })
  })
})

describe('showing the policy', () => {
  beforeEach(() => table.writeRequest(aRequest('pending')))

  it('opens it for anyone of the workspace, and records nothing', async () => {
    expect(await deliver(buttonClick('show-policy'))).toEqual([undefined])
    expect(slack.callsOf('views.open')[0]).toMatchObject({
      trigger_id: 'trigger-1',
      view: { callback_id: 'policy', blocks: [{ type: 'context' }, { type: 'section' }] },
    })
    expect(await clicks()).toEqual([])
  })

  it('does not open it for people of other organisations', async () => {
    await deliver(buttonClick('show-policy', { user: { ...bob, team_id: 'T0OTHER' } }))
    expect(slack.callsOf('views.open')).toEqual([])
    expect(slack.callsOf('respond')).toMatchObject([{ text: 'Only members of this workspace can look at policies.' }])
  })

  it('says so when the request is not known any more', async () => {
    await deliver(buttonClick('show-policy', {}, 'req_00000000000000009999'))
    expect(slack.callsOf('respond')).toMatchObject([{ text: expect.stringContaining('not known any more') }])
  })
})

describe('denying', () => {
  beforeEach(() => table.writeRequest(aRequest('pending')))

  it('first asks why, carrying the request’s id only', async () => {
    expect(await deliver(buttonClick('deny'))).toEqual([undefined])
    expect(slack.callsOf('views.open')[0]).toMatchObject({
      trigger_id: 'trigger-1',
      view: { callback_id: 'deny-request', private_metadata: someId },
    })
    expect(await clicks()).toEqual([])
  })

  it('records the reason with the click', async () => {
    expect(await deliver(denial(' Use the read replica '))).toEqual([undefined])
    expect(await clicks()).toMatchObject([
      // The first 20 hexadecimal digits of sha256('V2').
      { id: '47cfe5eb8ada0e7492d8', action: 'deny', userId: 'U0BOB', reason: 'Use the read replica' },
    ])
  })

  it('needs a reason', async () => {
    expect(await deliver(denial(null))).toEqual([
      { response_action: 'errors', errors: { reason: 'Say why: the requester needs to know.' } },
    ])
  })

  it('keeps the form and says so when it cannot be recorded', async () => {
    tableDown = true
    expect(await deliver(denial('no'))).toEqual([
      {
        response_action: 'errors',
        errors: { reason: 'This could not be recorded. Send it again, it counts once.' },
      },
    ])
  })

  it('says so when the form cannot be opened', async () => {
    slack.answers['views.open'] = { error: 'expired_trigger_id' }
    await deliver(buttonClick('deny'))
    expect(slack.callsOf('respond')).toMatchObject([{ text: 'Your click could not be recorded. Please click again.' }])
  })
})

describe('what an operator removed by hand', () => {
  beforeEach(() => table.writeRequest(aRequest('revoke_failed')))

  it('is first asked for in a form that carries the request’s id only', async () => {
    expect(await deliver(buttonClick('removed'))).toEqual([undefined])
    expect(slack.callsOf('views.open')[0]).toMatchObject({
      view: { callback_id: 'removed-by-hand', private_metadata: someId },
    })
    expect(await clicks()).toEqual([])
  })

  it('is recorded with what they did, to be judged later', async () => {
    const sent = denial(' Deleted in the console ')
    expect(await deliver({ ...sent, view: { ...sent.view, callback_id: 'removed-by-hand' } })).toEqual([undefined])
    expect(await clicks()).toMatchObject([{ action: 'removed', userId: 'U0BOB', reason: 'Deleted in the console' }])
  })
})

describe('ending everything of a person', () => {
  const endCommand = (user_id: string, text: string) => ({ ...command(user_id), text })
  const opened = () => JSON.stringify(slack.callsOf('views.open').at(-1))
  const endForm = (values: object, changes: object = {}) => ({
    type: 'view_submission',
    team,
    user: { ...bob, id: 'U0CAROL' },
    view: { id: 'V9', callback_id: 'end-all', private_metadata: '', blocks: [], state: { values }, ...changes },
  })
  const reason = (value: string | null) => ({ reason: { reason: { type: 'plain_text_input', value } } })
  const person = (selected_user: string | null) => ({ person: { person: { type: 'users_select', selected_user } } })
  // end_ and what sha256('T0001:V9') makes of the submission.
  const wished = async () => {
    const [item] = await table.live()
    return item && 'endAll' in item ? table.endAll(item.endAll) : undefined
  }

  it('asks whose, with a menu, or shows what the person named in the command has', async () => {
    expect(await deliver(endCommand('U0CAROL', 'end'))).toEqual([undefined])
    expect(opened()).toContain('"users_select"')
    await table.writeRequest(aRequest('active'))
    for (const named of ['end <@U0ALICE|alice>', ' end  U0ALICE ']) {
      await deliver(endCommand('U0CAROL', named))
      expect(opened()).toContain('Everything that <@U0ALICE> has')
      expect(opened()).toContain('One DynamoDB table in Development')
      expect(opened()).not.toContain('users_select')
    }
  })

  it('is not shown to others, nor what the person has', async () => {
    await table.writeRequest(aRequest('active'))
    await deliver(endCommand('U0BOB', 'end <@U0ALICE|alice>'))
    expect(opened()).toContain('Only operators end the access of others')
    expect(opened()).not.toContain('One DynamoDB table')
  })

  it('leaves any other text to the form that asks', async () => {
    await deliver(endCommand('U0ALICE', 'ending the month'))
    expect(opened()).toContain('"callback_id":"request-access"')
  })

  it('shows what whoever is chosen has', async () => {
    await table.writeRequest(aRequest('active'))
    const view = { id: 'V9', state: { values: { ...person('U0ALICE'), ...reason(null) } } }
    const action = { type: 'users_select', action_id: 'person', block_id: 'person', selected_user: 'U0ALICE' }
    const chosen = {
      type: 'block_actions',
      team,
      user: { ...bob, id: 'U0CAROL' },
      trigger_id: 't',
      actions: [action],
      view,
    }
    await deliver(chosen)
    expect(JSON.stringify(slack.callsOf('views.update'))).toContain('One DynamoDB table in Development')
    await deliver({ ...chosen, user: bob })
    expect(slack.callsOf('views.update')).toHaveLength(1)
  })

  it('is recorded with who, whom and why, once, to be judged later', async () => {
    const sent = endForm({ ...person('U0ALICE'), ...reason(' She leaves today ') })
    expect(await deliver(sent)).toEqual([undefined])
    expect(await deliver(sent)).toEqual([undefined])
    expect(await table.live()).toHaveLength(1)
    expect(await wished()).toMatchObject({
      by: { userId: 'U0CAROL', teamId: 'T0001', language: 'en' },
      personId: 'U0ALICE',
      reason: 'She leaves today',
      status: 'recorded',
      at: at('10:00'),
    })
    expect(woken).toEqual(await table.live())
  })

  it('takes the person that the command named', async () => {
    await deliver(endForm(reason('She leaves today'), { private_metadata: 'U0ALICE' }))
    expect(await wished()).toMatchObject({ personId: 'U0ALICE' })
  })

  it('needs a person and a reason, and says so when it cannot be recorded', async () => {
    expect(await deliver(endForm({ ...person(null), ...reason('x') }))).toMatchObject([
      { errors: { person: 'Choose whose access ends.' } },
    ])
    expect(await deliver(endForm({ ...person('U0ALICE'), ...reason(' ') }))).toMatchObject([
      { errors: { reason: 'Say why: it goes on record.' } },
    ])
    tableDown = true
    expect(await deliver(endForm({ ...person('U0ALICE'), ...reason('x') }))).toMatchObject([
      { errors: { reason: 'This could not be recorded. Send it again, it counts once.' } },
    ])
  })
})

it('acknowledges and logs what no form of ours could have sent', async () => {
  const broken = { ...buttonClick('approve'), trigger_id: undefined }
  expect(await deliver(broken)).toEqual([undefined])
  expect(logged).toMatchObject([{ event: 'slack.failed', fields: { listener: 'approve' } }])
})
