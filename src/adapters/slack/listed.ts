/** More lines than this nobody reads. */
const mostLines = 15
/** A section holds 3,000 characters (platform: D4); what is left is for a heading. */
const mostCharacters = 2800

/** As many of the lines as people read and a section holds, and how many are left out. */
export function listed(lines: string[], more: (left: number) => string): string {
  let kept = lines.slice(0, mostLines)
  while (kept.join('\n').length > mostCharacters) kept = kept.slice(0, -1)
  const left = lines.length - kept.length
  return [...kept, ...(left > 0 ? [more(left)] : [])].join('\n')
}
