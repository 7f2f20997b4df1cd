import { readFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'

const types: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  ts: 'text/javascript; charset=utf-8',
}

/** The folder of what the browser gets, found by its first module so that tools see that module in use. */
const folder = new URL('.', new URL('./browser/main.ts', import.meta.url))

/**
 * A file of the page as the browser takes it, or undefined when there is none. TypeScript modules are read at each
 * request and lose their types, which needs no build step: line numbers stay, and a reload shows an edit.
 */
export async function readAsset(name: string): Promise<{ type: string; body: string } | undefined> {
  const [, extension = ''] = /^[a-z][a-z0-9-]*\.(html|css|svg|ts)$/.exec(name) ?? []
  const type = types[extension]
  if (type === undefined) return undefined
  try {
    const body = await readFile(new URL(name, folder), 'utf8')
    return { type, body: extension === 'ts' ? stripTypeScriptTypes(body) : body }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
