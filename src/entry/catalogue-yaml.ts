import { isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'

/** The catalogue as YAML: its value, what is wrong with it as YAML, and where in the text a path is. */
export type YamlSource = {
  value: unknown
  /** `fatal`: the value cannot be trusted, so nothing more is said about it. */
  mistakes: { path: PropertyKey[]; line: number; problem: string; remedy: string; fatal: boolean }[]
  /** The line of the value, or of the closest section around it when it is missing. */
  lineAt(path: PropertyKey[]): number | undefined
  /** What is written there, as far as it fits on a line; undefined when nothing is. */
  textAt(path: PropertyKey[]): string | undefined
}

/** Reads YAML without throwing. */
export function readYaml(text: string): YamlSource {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const lineOf = (offset: number) => Math.max(1, lines.linePos(offset).line)
  const keyPaths = new Map(keysIn(document.contents))
  const mistakes: YamlSource['mistakes'] = document.errors.map(({ code, message, pos }) => {
    const line = lineOf(pos[0])
    const path = keyPaths.get(pos[0])
    if (code === 'DUPLICATE_KEY' && path) {
      const [problem, remedy] = [`${String(path.at(-1))} is written twice.`, 'Keep one of them.']
      return { path, line, problem, remedy, fatal: false }
    }
    return { path: [], line, problem: `This is not YAML: ${message}.`, remedy: 'Correct the syntax.', fatal: true }
  })
  let value: unknown
  try {
    value = document.toJS()
  } catch (error) {
    // An alias without an anchor, or aliases that multiply beyond reason.
    const problem = `This is not YAML: ${error instanceof Error ? error.message : String(error)}.`
    mistakes.push({ path: [], line: 1, problem, remedy: 'Correct the anchors and aliases.', fatal: true })
  }
  return {
    value,
    mistakes,
    lineAt(path) {
      const offset = offsetOf(document.contents, path)
      return offset === undefined ? undefined : lineOf(offset)
    },
    textAt(path) {
      const node = document.getIn(path, true)
      // `title:` with nothing after it is a missing title.
      if (!isNode(node) || (isScalar(node) && node.value === null)) return undefined
      // The source, not the value: to YAML 000000000000 is the number 0.
      const written = isScalar(node) ? (node.source ?? String(node.value)) : JSON.stringify(node.toJS(document))
      return written.length > 60 ? `${written.slice(0, 60)}…` : written
    },
  }
}

/** Where each key of the document begins, with its path. */
function* keysIn(node: unknown, path: PropertyKey[] = []): Generator<[number, PropertyKey[]]> {
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      if (!isScalar(key)) continue
      const here = [...path, String(key.value)]
      if (key.range) yield [key.range[0], here]
      yield* keysIn(value, here)
    }
  }
  if (isSeq(node)) for (const [index, item] of node.items.entries()) yield* keysIn(item, [...path, index])
}

/** Follows the path as far as it goes. Within a section the place is the key, not its value. */
function offsetOf(contents: Node | null, path: PropertyKey[]): number | undefined {
  let node: unknown = contents
  let offset = contents?.range?.[0]
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find(item => isScalar(item.key) && String(item.key.value) === String(key))
      if (!pair) return offset
      offset = isNode(pair.key) ? (pair.key.range?.[0] ?? offset) : offset
      node = pair.value
    } else if (isSeq(node)) {
      node = node.get(key, true)
      if (!isNode(node)) return offset
      offset = node.range?.[0] ?? offset
    } else return offset
  }
  return offset
}

/** Whether the value has keys. */
export function isSection(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The keys of a section; none of anything else. */
export function keysOf(value: unknown): string[] {
  return isSection(value) ? Object.keys(value) : []
}

/** The value a path leads to in something not yet checked; undefined when it leads nowhere. */
export function valueAt(value: unknown, ...path: string[]): unknown {
  let here = value
  for (const key of path) here = isSection(here) && Object.hasOwn(here, key) ? here[key] : undefined
  return here
}
