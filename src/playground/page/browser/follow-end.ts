/// <reference lib="dom" />

const nearEnd = 40

/** Keeps the end of a list in view while it grows or is resized, until somebody scrolls away from it. */
export function followEnd(list: HTMLElement): void {
  let following = true
  const toEnd = () => {
    if (following) list.scrollTop = list.scrollHeight
  }
  list.addEventListener('scroll', () => {
    following = list.scrollHeight - list.scrollTop - list.clientHeight < nearEnd
  })
  new ResizeObserver(toEnd).observe(list)
  new MutationObserver(toEnd).observe(list, { childList: true, subtree: true, characterData: true })
  toEnd()
}
