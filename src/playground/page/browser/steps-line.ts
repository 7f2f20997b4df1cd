import type { Page } from './page.ts'
import { type StepId, stepIds } from './steps.ts'
import { type Text, texts } from './texts.ts'
import { h, type VNode } from './vnode.ts'

/** The line of steps, and what to do next. */
export function renderSteps({ state, ui }: Page): VNode {
  const { done, current } = state.steps
  const step = (id: StepId, index: number) =>
    h(
      'li',
      {
        class: done.includes(id) ? 'done' : id === current ? 'current' : '',
        'aria-current': id === current ? 'step' : undefined,
      },
      h('span', { class: 'mark', 'aria-hidden': 'true' }, done.includes(id) ? '✓' : String(index + 1)),
      h('span', {}, texts.steps[id][ui.language]),
      done.includes(id) && h('span', { class: 'unseen' }, ` (${texts.stepDone[ui.language]})`),
    )
  return h(
    'nav',
    { class: 'steps', 'aria-label': texts.story[ui.language] },
    h('ol', {}, stepIds.map(step)),
    h('p', { class: 'hint', role: 'status' }, hintOf(state.steps, state.bot.state)[ui.language]),
  )
}

function hintOf({ current, stopMissed }: Page['state']['steps'], bot: Page['state']['bot']['state']): Text {
  if (bot === 'starting') return texts.hints.starting
  if (current === undefined) return texts.hints.done
  return stopMissed ? texts.hints.missed : texts.hints[current]
}
