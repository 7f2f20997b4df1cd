/// <reference lib="dom" />
import type { Act, ActResult } from '../acts.ts'
import type { PageState, PageUpdate } from '../page-state.ts'
import { renderAws } from './aws-panel.ts'
import { differences } from './differences.ts'
import { renderFaultMark } from './fault-controls.ts'
import { renderLeashMark } from './leash-row.ts'
import type { Language, Page, Ui } from './page.ts'
import { patch } from './patch.ts'
import { renderSlackPane } from './slack-pane.ts'
import { renderSteps } from './steps-line.ts'
import { renderTerminal } from './terminal-strip.ts'
import { texts } from './texts.ts'
import { renderTopBar } from './top-bar.ts'
import { type Child, h } from './vnode.ts'

const reconnectMilliseconds = 1500
const remembered = 'curfew-language'
const root = document.getElementById('page') ?? document.body

let state: PageState | undefined
/** How far the world's clock is ahead of the browser's monotonic one. */
let clockOffset = 0

const ui: Ui = {
  language: firstLanguage(),
  panes: [
    { personId: 'U0ALICE', open: {} },
    { personId: 'U0BOB', open: {} },
  ],
  seen: {},
  connected: true,
}

function firstLanguage(): Language {
  const chosen = localStorage.getItem(remembered) ?? navigator.language
  return chosen.startsWith('ja') ? 'ja' : 'en'
}

async function act(act: Act): Promise<ActResult> {
  try {
    const response = await fetch('/api/act', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(act),
    })
    const result = (await response.json()) as ActResult
    // What the world could not do is, nearly always, something that was there a moment ago.
    return response.status === 409 ? { ok: false } : result
  } catch {
    return { ok: false, message: texts.lost[ui.language] }
  }
}

function choose(change: (ui: Ui) => void): void {
  const before = ui.language
  change(ui)
  localStorage.setItem(remembered, ui.language)
  if (ui.language !== before) tellSlack()
  draw()
}

/** The two people of the story read Slack in the language of the page. */
function tellSlack(): void {
  for (const userId of ['U0ALICE', 'U0BOB']) void act({ type: 'slackLanguage', userId, language: ui.language })
}

/** Draws; when that takes away what had the focus, the focus goes to what is nearest: keyboards start from there. */
function keepFocus(change: () => void): void {
  const focused = document.activeElement
  const card = focused?.closest('.card')
  const next = focused?.closest('.shade') ? '.composer button' : '.messages, .scroll'
  change()
  if (focused?.isConnected === false) card?.querySelector<HTMLElement>(next)?.focus({ preventScroll: true })
}

function draw(): void {
  document.documentElement.lang = ui.language
  const lost = !ui.connected && h('p', { class: 'lost', role: 'alert', key: 'lost' }, texts.lost[ui.language])
  if (!state) {
    patch(root, [lost || h('p', { class: 'loading' }, texts.loading[ui.language])])
    return
  }
  const page: Page = { state, ui, act, choose }
  const drawn: (Child | false | null)[] = [
    lost,
    renderTopBar(page, worldNow()),
    ui.problem !== undefined &&
      h(
        'p',
        { class: 'lost', role: 'alert', key: 'problem' },
        ui.problem,
        ' ',
        h(
          'button',
          {
            type: 'button',
            onclick: () =>
              choose(chosen => {
                delete chosen.problem
              }),
          },
          texts.dismiss[ui.language],
        ),
      ),
    renderSteps(page),
    renderFaultMark(page),
    renderLeashMark(page),
    h('main', {}, renderSlackPane(page, 0), renderSlackPane(page, 1), renderAws(page)),
    renderTerminal(page),
    h(
      'footer',
      {},
      h(
        'details',
        {},
        h('summary', {}, texts.differences[ui.language]),
        h(
          'ul',
          {},
          differences.map(text => h('li', {}, text[ui.language])),
        ),
      ),
    ),
  ]
  keepFocus(() => patch(root, h('div', {}, drawn).children))
}

function worldNow(): number {
  return performance.now() + clockOffset
}

function connect(): void {
  const events = new EventSource('/api/events')
  events.onmessage = event => {
    const update = JSON.parse(event.data) as PageUpdate
    // The first update after connecting holds every part.
    state = { ...state, ...update } as PageState
    if (update.clock) clockOffset = update.clock.at - performance.now()
    ui.connected = true
    draw()
  }
  events.onerror = () => {
    ui.connected = false
    draw()
    // Browsers try again by themselves, except after some errors.
    if (events.readyState === EventSource.CLOSED) setTimeout(connect, reconnectMilliseconds)
  }
}

tellSlack()
connect()
// The server's beat comes a little late or early; seconds shown should not.
setInterval(() => {
  if (!state || !ui.connected) return
  const time = document.querySelector('.clock-time')
  const text = new Date(worldNow()).toISOString().slice(11, 19)
  if (time && time.textContent !== text) time.textContent = text
}, 200)
draw()
