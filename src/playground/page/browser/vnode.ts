/**
 * An attribute's value: text as it is, `true` an attribute without value, `false` and undefined none. A function is an
 * event handler (`onclick`), or `onmount`, called once with the new element.
 */
export type PropValue = string | number | boolean | undefined | ((target: never) => unknown)

/** A piece of page as plain data: drawn by `patch`, and looked at in tests without a browser. */
export type VNode = { tag: string; props: Record<string, PropValue>; children: Child[] }

/** What is in an element: more elements, or text, which is never read as HTML. */
export type Child = VNode | string

type Given = Child | Given[] | false | null | undefined

/** Makes an element. Lists are flattened, and what is false, null or undefined is left out. `key` tells siblings apart. */
export function h(tag: string, props: Record<string, PropValue> = {}, ...children: Given[]): VNode {
  return { tag, props, children: flatten(children) }
}

function flatten(given: Given[]): Child[] {
  return given.flatMap(one => {
    if (one === false || one === null || one === undefined || one === '') return []
    return Array.isArray(one) ? flatten(one) : [one]
  })
}

/** The text of it all, as a reader would see it. */
export function textOf(children: Child | Child[]): string {
  return [children]
    .flat()
    .map(child => (typeof child === 'string' ? child : child.tag === 'br' ? '\n' : textOf(child.children)))
    .join('')
}
