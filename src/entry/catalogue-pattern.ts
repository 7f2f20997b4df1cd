import { valueLimit } from '../core/parameters.ts'

/** Why a pattern is not taken, and what to write instead. */
type Refused = { problem: string; remedy: string }

/** In so many ways a value may be divided among the pieces of a pattern: three open ones, as in `a+-b+-c+`. Tried in milliseconds. */
const mostWays = valueLimit ** 3

/** How what was read so far of a level may match: in the alternative that is being read, and in those before it. */
type Level = { ways: number; before: number; varies: boolean }

/**
 * Why matching a value could take for ever, or undefined when it cannot. Requesters type the values, and while one is
 * matched the bot does nothing else. Taken are characters, classes, anchors, alternatives, and groups one deep of which
 * a repeated one always matches the same number of characters. The pattern is known to compile, with the flag `u`.
 */
export function whyTooSlow(pattern: string): Refused | undefined {
  const outer: Level = { ways: 1, before: 0, varies: false }
  let group: Level | undefined
  for (const [text, piece = '', repeat] of pattern.matchAll(token)) {
    const choices = choicesOf(repeat)
    const level = group ?? outer
    if (/^\\(?:[1-9]|k)/.test(piece)) return { problem: `The pattern looks back with ${piece}.`, remedy: plain }
    if (piece.startsWith('(')) {
      if (!/^\((\?:)?$/.test(piece)) return { problem: `The pattern has ${piece}.`, remedy: plain }
      if (group) return { problem: 'The pattern has a group within a group.', remedy: plain }
      group = { ways: 1, before: 0, varies: false }
    } else if (piece === ')' && group) {
      const mayRepeat = repeat !== undefined && !repeat.startsWith('?')
      if (mayRepeat && group.varies) {
        return { problem: `The pattern repeats a group that repeats or chooses: …${text}.`, remedy: plain }
      }
      multiply(outer, group.before + group.ways + (mayRepeat ? 0 : choices - 1))
      if (mayRepeat) multiply(outer, choices)
      group = undefined
    } else if (piece === '|') {
      Object.assign(level, { before: level.before + level.ways, ways: 1, varies: true })
    } else multiply(level, choices)
  }
  if (outer.before + outer.ways <= mostWays) return undefined
  return { problem: 'The pattern has too many pieces of open length.', remedy: plain }
}

const plain =
  'Write one run of characters, like "^[a-z0-9-]{1,63}$"; at most three parts with + or *, and groups like (?:dev|prod).'

/** One piece with what says how often: a class, an escape, the beginning of a group, or a character. */
const token = /(\[(?:\\.|[^\]\\])*\]|\\(?:[pPu]\{[^}]*\}|.)|\((?:\?.)?|.)([*+?]\??|\{\d+(?:,\d*)?\}\??)?/gsu

function multiply(level: Level, ways: number): void {
  level.ways *= ways
  if (ways > 1) level.varies = true
}

/** How many lengths a piece may have, in a value of the most characters. */
function choicesOf(repeat: string | undefined): number {
  if (repeat === undefined) return 1
  if (repeat.startsWith('?')) return 2
  const [, least = '0', rest, most = ''] = /^\{(\d+)(,(\d*))?/.exec(repeat) ?? [undefined, '0', ',', '']
  if (rest === undefined) return 1
  return most === '' ? valueLimit : Math.min(valueLimit, Number(most) - Number(least) + 1)
}
