import { parseArgs } from 'node:util'
import { allServices, readActionFacts } from '../adapters/iam-data/action-facts.ts'
import { afterEndOfStatements } from '../core/after-end.ts'
import { ceilingPolicy } from '../core/ceiling.ts'
import type { Catalogue, Entitlement } from '../core/entitlement.ts'
import { minutesInWords } from '../core/looked.ts'
import { describeProblems, loadCatalogue } from './catalogue.ts'
import { printLive } from './check-live.ts'
import { printPin } from './check-pin.ts'
import { inColumns } from './columns.ts'
import { grantText } from './grant-text.ts'
import { inWords } from './start-checks.ts'

const options = {
  ceiling: { type: 'boolean' },
  live: { type: 'boolean' },
  from: { type: 'string' },
  pin: { type: 'string' },
  account: { type: 'string' },
} as const

const usage =
  'Usage: npm run check -- [file] [--ceiling | --live [--from <permission set> | --pin <role> [--account <key>]]]'

/**
 * `npm run check`: reads the catalogue as the bot would, and says what is wrong with it or what it offers; with `--live`
 * whether AWS is as it needs. Ends with 1 on problems.
 */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  if (positionals.length > 1) throw new Error('One file, please.')
  if (values.ceiling && values.live) throw new Error('Either --ceiling or --live.')
  for (const name of ['from', 'pin'] as const) {
    if (values[name] !== undefined && !values.live) throw new Error(`--${name} goes with --live.`)
  }
  if (values.account !== undefined && values.pin === undefined) throw new Error('--account goes with --pin.')
  if (values.pin !== undefined && values.from !== undefined) throw new Error('Either --from or --pin.')
  const path = positionals[0] ?? (process.env['CURFEW_CONFIG'] || 'curfew.yaml')
  const loaded = await loadCatalogue(path)
  if ('problems' in loaded) {
    const { length } = loaded.problems
    console.error(`${describeProblems(loaded.problems, path)}\n\n${length} ${length === 1 ? 'problem' : 'problems'}.`)
    process.exitCode = 1
    return
  }
  const { catalogue } = loaded
  if (values.ceiling) return printCeiling(catalogue)
  if (values.live) {
    const { pin, account, from } = values
    const isWell = pin === undefined ? await printLive(catalogue, from) : await printPin(catalogue, pin, account)
    if (!isWell) process.exitCode = 1
    return
  }
  const rows = Object.values(catalogue.entitlements).map(entitlement => rowOf(entitlement, catalogue))
  const lasting = Object.values(catalogue.entitlements).flatMap(afterTheEnd)
  const named = lasting.length > 0 ? `\n\nWhat goes on after the end:\n\n${lasting.join('\n')}` : ''
  console.log(`${path} is in order. What may be asked for:\n\n${inColumns([headings, ...rows])}${named}`)
}

/** With `--ceiling`: the boundary that users of sensitive accounts carry before Curfew writes on them, for `aws iam create-policy`. */
async function printCeiling({ neverGrant }: Catalogue): Promise<void> {
  const { levels } = await readActionFacts(await allServices())
  const all = Object.entries(levels).flatMap(([service, names]) => Object.keys(names).map(name => `${service}:${name}`))
  console.log(JSON.stringify(ceilingPolicy(neverGrant, all), null, 2))
}

const headings = ['entitlement', 'gives', 'in', 'to', 'approved by', 'at most']

function rowOf({ id, grants, accounts, requesters, approvals, durationsMinutes }: Entitlement, catalogue: Catalogue) {
  return [
    id,
    grantText(grants),
    accounts.map(key => catalogue.accounts[key]?.name ?? key).join(', '),
    requesters.join(', '),
    approvals.map(({ from, count }) => `${count} of ${from.join(' or ')}`).join(' and '),
    minutesInWords(Math.max(...durationsMinutes)),
  ]
}

/** What an entitlement could leave behind, in one line. Of a permission set the catalogue knows only that it may. */
function afterTheEnd({ id, grants, allowPersistence }: Entitlement): string[] {
  if (grants.kind === 'inlinePolicy') {
    const { lasts } = afterEndOfStatements(grants.statements)
    return lasts.length > 0 ? [`${id} can leave behind what it makes or starts with ${lasts.join(', ')}.`] : []
  }
  if (grants.kind === 'assume') return [`${id} may leave behind whatever the role ${grants.role} can.`]
  const may = `${id} may leave behind whatever ${grants.permissionSet} can, in sensitive accounts too (allowPersistence).`
  return allowPersistence ? [may] : []
}

await main().catch((error: Error) => {
  console.error(`${inWords(error).replace(/ To specify a positional.*/, '')} ${usage}`)
  process.exitCode = 1
})
// Connections kept alive must not keep the terminal waiting.
process.exit()
