import type { PageState } from '../page-state.ts'
import { renderAwsFault } from './fault-controls.ts'
import { renderLeashes } from './leash-row.ts'
import { leashesIn } from './leashes.ts'
import type { Page } from './page.ts'
import { isCurfews, policyEnd } from './steps.ts'
import { type Text, texts } from './texts.ts'
import { utcMinutes } from './top-bar.ts'
import { h, type VNode } from './vnode.ts'

type Account = PageState['aws']['accounts'][number]
type IamUser = Account['users'][number]
type Holder = Pick<IamUser, 'arn' | 'name' | 'inlinePolicies'>
type Assignment = PageState['aws']['assignments'][number]
type Route = PageState['matrix'][number]['cells'][number]['routes'][number]

/** What is there in AWS, and who can do what because of it. */
export function renderAws(page: Page): VNode {
  const { state, ui } = page
  const probed = new Set(state.probes.map(({ accountId }) => accountId))
  const [front] = probed
  const shown = state.aws.accounts
    .filter(({ id, users }) => users.length > 0 || probed.has(id))
    .sort((a, b) => Number(b.id === front) - Number(a.id === front))
  return h(
    'section',
    { class: 'card aws', 'aria-labelledby': 'aws-title' },
    h('div', { class: 'aws-head' }, h('h2', { id: 'aws-title' }, texts.aws[ui.language]), renderAwsFault(page)),
    h(
      'div',
      { class: 'scroll', tabindex: '0', role: 'group', 'aria-labelledby': 'aws-title' },
      renderMatrix(page),
      h('h3', {}, texts.whatIsThere[ui.language]),
      shown.map(account => renderAccount(page, account)),
      renderCalls(page),
    ),
  )
}

function renderMatrix({ state, ui }: Page): VNode {
  const { matrix, probes } = state
  return h(
    'table',
    { class: 'matrix' },
    h('caption', {}, texts.whoCan[ui.language]),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('td'),
        matrix.map(({ name }) => h('th', { scope: 'col' }, name)),
      ),
    ),
    h(
      'tbody',
      {},
      probes.map((probe, index) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, probe.label[ui.language]),
          matrix.map(row => h('td', {}, renderCell(row.cells[index]?.routes ?? [], ui.language))),
        ),
      ),
    ),
  )
}

function renderCell(routes: Route[], language: 'en' | 'ja'): VNode {
  if (routes.length === 0) {
    return h(
      'span',
      { class: 'cell' },
      h('span', { 'aria-hidden': 'true' }, '–'),
      h('span', { class: 'unseen' }, texts.notAllowed[language]),
    )
  }
  const ways = routes.map(route => routeText(route, language))
  return h(
    'span',
    { class: 'cell yes', tabindex: '0' },
    h('span', { 'aria-hidden': 'true' }, '✓'),
    h('span', { class: 'unseen' }, `${texts.allowed[language]}: ${ways.join('; ')}`),
    h(
      'span',
      { class: 'tip', 'aria-hidden': 'true' },
      ways.map(way => h('span', {}, way)),
    ),
  )
}

function routeText(route: Route, language: 'en' | 'ja'): string {
  const ways = {
    iamUser: texts.byUser,
    portal: texts.byPortal,
    session: texts.bySession,
    role: texts.byRole,
    roleSession: texts.bySession,
  }
  const name = routeName(route)
  const until = route.until === undefined ? '' : `, ${texts.until[language]} ${utcMinutes(Date.parse(route.until))}`
  return `${ways[route.kind][language]} ${name}${until}`
}

function routeName(route: Route): string {
  if (route.kind === 'iamUser') return route.arn.slice(route.arn.lastIndexOf('/') + 1) + (route.mfa ? ' (MFA)' : '')
  return 'role' in route ? `${route.role}/${route.sessionName}` : route.permissionSet
}

function renderAccount(page: Page, { id, name, users, roles }: Account): VNode {
  const { aws } = page.state
  const { language } = page.ui
  const assignments = aws.assignments.filter(({ accountId }) => accountId === id)
  // Curfew's own and those of Identity Center are shown by what they are for.
  const shared = roles.filter(role => role.inlinePolicies.length > 0 && !role.name.startsWith('curfew-'))
  const failed = aws.failedOperations.filter(({ accountId }) => accountId === id).slice(0, 3)
  return h(
    'div',
    { class: 'account', key: id },
    h('h4', {}, name, ' ', h('code', {}, id)),
    users.map(user => renderHolder(page, user)),
    shared.map(role => renderHolder(page, role, texts.role[language])),
    assignments.length + users.length + shared.length === 0 && h('p', { class: 'none' }, texts.noAssignments[language]),
    assignments.map(assignment => renderAssignment(page, assignment)),
    renderLeashes(page, id),
    failed.map(({ kind, permissionSet, principalName, reason }) =>
      h(
        'div',
        { class: 'row failed' },
        h('span', {}, principalName),
        h('span', { class: 'what' }, h('b', {}, permissionSet), `${kind}: ${texts.failed[language]}. ${reason}`),
      ),
    ),
  )
}

function renderAssignment(page: Page, assignment: Assignment): VNode {
  const { permissionSet, principalType, principalName } = assignment
  const { language } = page.ui
  const state = stateOf(page, assignment)
  return h(
    'div',
    { class: `row ${principalType === 'USER' ? 'curfew' : ''}` },
    h('span', {}, principalName, principalType === 'GROUP' && h('small', {}, texts.group[language])),
    h('span', { class: 'what' }, h('b', {}, permissionSet), h('span', { class: state.mark }, state.text[language])),
  )
}

/** What AWS has of an assignment; past its end, what is worth of it. */
function stateOf({ state }: Page, assignment: Assignment): { text: Text; mark?: string } {
  const { accountId, permissionSet, principalId, status } = assignment
  const leash = leashesIn(state.aws, accountId).find(one => one.of === 'set' && one.name === permissionSet)
  const until = leash?.people.find(({ id }) => id === principalId)?.until
  if (status !== 'ASSIGNED' || !leash || until === undefined || state.clock.at < until) {
    return { text: texts.assignment[status] }
  }
  return leash.onRole ? { text: texts.endedStillAssigned, mark: 'over' } : { text: texts.overStillUsable, mark: 'over' }
}

function renderHolder(page: Page, holder: Holder, label?: string): VNode {
  return h(
    'div',
    { class: 'row', key: holder.arn },
    h('span', {}, holder.name, label !== undefined && h('small', {}, label)),
    h(
      'span',
      { class: 'what' },
      holder.inlinePolicies.map(policy => renderPolicy(page, policy)),
    ),
  )
}

function renderPolicy({ state, ui }: Page, { name, document }: IamUser['inlinePolicies'][number]): VNode {
  const end = isCurfews(name) ? policyEnd(document) : undefined
  const over = end !== undefined && end <= state.clock.at
  const note = over ? texts.endedStillThere[ui.language] : `${texts.until[ui.language]} ${utcMinutes(end ?? 0)}`
  return h(
    'details',
    { class: isCurfews(name) ? `policy curfew ${over ? 'over' : ''}` : 'policy', key: name },
    h('summary', {}, h('span', { class: 'name' }, name), end !== undefined && h('b', {}, note)),
    h('pre', { tabindex: '0' }, JSON.stringify(document, null, 1)),
  )
}

function renderCalls({ state, ui }: Page): VNode {
  return h(
    'details',
    { class: 'calls' },
    h('summary', {}, texts.calls[ui.language]),
    h('p', { class: 'none' }, texts.noClockReadings[ui.language]),
    state.calls.length === 0 && h('p', { class: 'none' }, texts.noCalls[ui.language]),
    h(
      'ol',
      {},
      state.calls.map(call =>
        h(
          'li',
          { class: call.outcome === 'ok' ? '' : 'failed', title: call.input },
          h('time', { datetime: call.at }, call.at.slice(11, 19)),
          h('span', {}, `${call.service}:${call.operation}`),
          h('span', {}, call.outcome),
        ),
      ),
    ),
  )
}
