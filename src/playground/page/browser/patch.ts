/// <reference lib="dom" />
import type { Child, PropValue, VNode } from './vnode.ts'

const drawn = new WeakMap<Node, VNode>()

/** Calls that wait until everything stands in the page: before, nothing has a size and nothing takes the focus. */
let mounted: (() => void)[] = []
let depth = 0

/**
 * Makes the children of an element what they should be, and touches nothing else: focus, scrolling, what is being typed
 * and what was folded open stay, as long as an element keeps its tag and key.
 */
export function patch(parent: Element, children: Child[]): void {
  depth += 1
  const old = [...parent.childNodes]
  const kept = new Set<ChildNode>()
  const nodes = children.map(child => {
    const node = reuse(child, old, kept) ?? create(child)
    kept.add(node)
    return node
  })
  for (const node of old) if (!kept.has(node)) node.remove()
  // What stands right is not moved: moving an element would take its focus away.
  let at = parent.firstChild
  for (const node of nodes) {
    if (node === at) at = at.nextSibling
    else parent.insertBefore(node, at)
  }
  depth -= 1
  if (depth > 0) return
  const calls = mounted
  mounted = []
  for (const call of calls) call()
}

function reuse(child: Child, old: ChildNode[], kept: Set<ChildNode>): ChildNode | undefined {
  if (typeof child === 'string') {
    const node = old.find(one => one.nodeType === Node.TEXT_NODE && !kept.has(one))
    if (node && node.nodeValue !== child) node.nodeValue = child
    return node
  }
  const node = old.find(one => {
    const before = drawn.get(one)
    return before?.tag === child.tag && before.props['key'] === child.props['key'] && !kept.has(one)
  })
  if (node instanceof Element) update(node, child)
  return node
}

function create(child: Child): ChildNode {
  if (typeof child === 'string') return document.createTextNode(child)
  const element = document.createElement(child.tag)
  update(element, child)
  const { onmount } = child.props
  if (typeof onmount === 'function') mounted.push(() => onmount(element as never))
  return element
}

const own = new Set(['key', 'onmount'])
const state = new Set(['value', 'checked', 'selected'])

function update(element: Element, next: VNode): void {
  const before = drawn.get(element)?.props ?? {}
  const names = [...new Set([...Object.keys(before), ...Object.keys(next.props)])]
  const changed = names.filter(name => !own.has(name) && before[name] !== next.props[name])
  for (const name of changed) if (!state.has(name)) set(element, name, next.props[name])
  patch(element, next.children)
  // After the children: a select takes its value only among the options it has.
  for (const name of changed) if (state.has(name)) setState(element, name, next.props[name])
  drawn.set(element, next)
}

function set(element: Element, name: string, value: PropValue): void {
  if (typeof value === 'function') {
    // What it returns is dropped: a handler that returns false would cancel the event.
    const handler = (event: Event) => void value(event as never)
    Object.assign(element, { [name]: handler })
  } else if (name.startsWith('on')) Object.assign(element, { [name]: null })
  else if (value === undefined || value === false) element.removeAttribute(name)
  else element.setAttribute(name, value === true ? '' : String(value))
}

function setState(element: Element, name: string, value: PropValue): void {
  // Somebody is typing there: what they see is newer than what we know.
  if (name === 'value' && element === document.activeElement && element.tagName !== 'SELECT') return
  Object.assign(element, { [name]: value ?? '' })
}
