/// <reference lib="dom" />
import type { Preset } from '../../presets.ts'
import type { Page } from './page.ts'
import { type Text, texts } from './texts.ts'
import { h, type VNode } from './vnode.ts'

/** Which story the world opened with; another one begins anew, after asking. */
export function renderStoryChoice({ state, ui, act, choose }: Page): VNode {
  const { language } = ui
  const begin = async ({ target }: { target: HTMLSelectElement }) => {
    // The proof of this cast: the select offers the presets.
    const preset = target.value as Preset
    target.value = state.preset
    if (!window.confirm(texts.beginStory[language])) return
    choose(chosen => {
      chosen.beginning = true
    })
    const { ok, message } = await act({ type: 'story', preset })
    // What is chosen on the page is about the world that is gone.
    if (ok) return window.location.reload()
    choose(chosen => {
      chosen.beginning = false
      if (message !== undefined) chosen.problem = message
    })
  }
  return h(
    'label',
    { class: 'story-choice', title: ui.beginning ? texts.beginning[language] : undefined },
    h('span', {}, texts.preset[language]),
    h(
      'select',
      { onchange: begin, disabled: ui.beginning },
      Object.entries<Text>(texts.presets).map(([preset, text]) =>
        h('option', { value: preset, selected: preset === state.preset }, text[language]),
      ),
    ),
  )
}
