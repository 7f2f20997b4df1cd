import type { Page } from './page.ts'
import { renderStoryChoice } from './story-choice.ts'
import { type Text, texts } from './texts.ts'
import { h, type VNode } from './vnode.ts'

/** Name, clock and the two switches of the world. `at`: the world's time now, in milliseconds. */
export function renderTopBar(page: Page, at: number): VNode {
  const { state, ui, act } = page
  const t = (text: Text) => text[ui.language]
  const { nextEnd } = state.clock
  const advance = (milliseconds: number, label: Text) =>
    h('button', { type: 'button', onclick: () => act({ type: 'advance', milliseconds }) }, t(label))
  return h(
    'header',
    { class: 'top' },
    h('div', { class: 'brand' }, h('h1', {}, 'Curfew'), h('p', {}, t(texts.tagline))),
    h(
      'div',
      { class: 'clock', role: 'group', 'aria-label': t(texts.awsTime) },
      h('time', { class: 'clock-time', datetime: new Date(at).toISOString() }, utcSeconds(at)),
      h('span', { class: 'clock-note' }, h('b', {}, t(texts.awsTime)), utcDay(at, ui.language)),
    ),
    h(
      'div',
      { class: 'buttons', role: 'group', 'aria-label': t(texts.moveClock) },
      advance(5 * 60_000, texts.fiveMinutes),
      advance(60 * 60_000, texts.oneHour),
      h(
        'button',
        {
          type: 'button',
          class: state.steps.current === 'jump' && nextEnd !== null ? 'wanted' : '',
          disabled: nextEnd === null,
          title: nextEnd === null ? t(texts.noNextEnd) : utcMinutes(nextEnd),
          onclick: () => act({ type: 'advanceToNextEnd' }),
        },
        t(texts.toNextEnd),
      ),
    ),
    renderBot(page),
    renderStoryChoice(page),
    h(
      'div',
      { class: 'languages', role: 'group', 'aria-label': t(texts.language) },
      language(page, 'en', 'EN'),
      language(page, 'ja', '日本語'),
    ),
  )
}

function renderBot({ state, ui, act, choose }: Page): VNode {
  const { state: botState, lastLine } = state.bot
  const running = botState !== 'stopped'
  const switchBot = async () => {
    const result = await act({ type: 'bot', run: !running })
    choose(chosen => {
      if (result.message === undefined) delete chosen.problem
      else chosen.problem = result.message
    })
  }
  const wanted = state.steps.current === (running ? 'stop' : 'cleanup') && !state.steps.stopMissed
  return h(
    'div',
    { class: 'bot', role: 'group', 'aria-label': texts.bot[ui.language] },
    h(
      'span',
      { class: `bot-state ${botState}`, title: lastLine },
      h('span', { class: 'dot', 'aria-hidden': 'true' }),
      h('span', {}, h('b', {}, texts.bot[ui.language]), texts.botState[botState][ui.language]),
    ),
    h(
      'button',
      {
        type: 'button',
        class: wanted ? 'wanted' : '',
        title: running ? texts.killHint[ui.language] : undefined,
        onclick: switchBot,
      },
      (running ? texts.stopBot : texts.startBot)[ui.language],
    ),
  )
}

function language({ ui, choose }: Page, code: 'en' | 'ja', label: string): VNode {
  const onclick = () =>
    choose(chosen => {
      chosen.language = code
    })
  return h('button', { type: 'button', lang: code, 'aria-pressed': String(ui.language === code), onclick }, label)
}

/** `18:30 UTC`. */
export function utcMinutes(at: number): string {
  return `${new Date(at).toISOString().slice(11, 16)} UTC`
}

/** `18:30:05`. */
export function utcSeconds(at: number): string {
  return new Date(at).toISOString().slice(11, 19)
}

function utcDay(at: number, locale: string): string {
  const day = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', weekday: 'short', month: 'short', day: 'numeric' })
  return `${day.format(at)}, UTC`
}
