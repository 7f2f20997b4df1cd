import type { Act } from '../acts.ts'
import type { StandingFaults } from '../standing-faults.ts'
import type { Page } from './page.ts'
import { type Text, texts } from './texts.ts'
import { h, type VNode } from './vnode.ts'

/** How AWS answers calls that change something. */
export function renderAwsFault(page: Page): VNode {
  return renderFault(page, 'aws', texts.awsFaults, texts.awsChanges, texts.awsChangesHint)
}

/** How Slack answers calls about messages. */
export function renderSlackFault(page: Page): VNode {
  return renderFault(page, 'slack', texts.slackFaults, texts.slackMessages, texts.slackMessagesHint)
}

function renderFault<Service extends keyof StandingFaults>(
  { state, ui, act }: Page,
  service: Service,
  kinds: Record<StandingFaults[Service], Text>,
  label: Text,
  hint: Text,
): VNode {
  const standing = state.faults[service]
  // The proof of this cast: the select offers the kinds of its own service.
  const onchange = ({ target }: { target: HTMLSelectElement }) =>
    act({ type: 'fault', service, kind: target.value } as Act)
  return h(
    'label',
    { class: standing === 'none' ? 'fault' : 'fault set', title: hint[ui.language] },
    label[ui.language],
    h(
      'select',
      { onchange },
      Object.entries<Text>(kinds).map(([kind, text]) =>
        h('option', { value: kind, selected: kind === standing }, text[ui.language]),
      ),
    ),
  )
}

/** Says what is broken and what to watch for, with the way back; nothing when nothing is broken. */
export function renderFaultMark({ state, ui, act }: Page): VNode | false {
  const { aws, slack } = state.faults
  if (aws === 'none' && slack === 'none') return false
  const line = (what: Text, watch: Text) => h('p', {}, h('b', {}, what[ui.language]), ' ', watch[ui.language])
  const onclick = () =>
    Promise.all([
      act({ type: 'fault', service: 'aws', kind: 'none' }),
      act({ type: 'fault', service: 'slack', kind: 'none' }),
    ])
  return h(
    'div',
    { class: 'broken', role: 'status', key: 'broken' },
    h(
      'div',
      {},
      aws !== 'none' && line(texts.broken.aws[aws], texts.watch.aws),
      slack !== 'none' && line(texts.broken.slack[slack], texts.watch.slack),
    ),
    h('button', { type: 'button', onclick }, texts.backToNormal[ui.language]),
  )
}
