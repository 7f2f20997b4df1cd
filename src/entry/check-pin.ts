import { createAwsClock } from '../adapters/aws/aws-clock.ts'
import { createClients } from '../adapters/aws/clients.ts'
import { createAwsAdapters } from '../adapters/aws/create-aws-adapters.ts'
import { createTrail } from '../adapters/aws/trail.ts'
import { visible } from '../adapters/slack/mrkdwn.ts'
import { checkPin } from '../app/check-pin.ts'
import type { Account, Catalogue } from '../core/entitlement.ts'
import { accountText } from '../core/looked.ts'
import type { Entrant } from '../core/pinning.ts'
import { awsCheck } from './check-aws.ts'
import { inColumns } from './columns.ts'
import { runChecks } from './start-checks.ts'

/**
 * `npm run check -- --live --pin <role>`: who entered the role lately, and what pinning the names of its sessions would
 * ask of them. False when something could not be read.
 */
export async function printPin(catalogue: Catalogue, role: string, accountKey: string | undefined): Promise<boolean> {
  const account = accountFor(catalogue, role, accountKey)
  const { sts } = createClients({})
  const problems = await runChecks([awsCheck(createAwsClock(sts))])
  if (problems.length > 0) return fail(...problems)
  const where = `${role} in ${accountText(account)}`
  console.error(`Reading who entered ${where}, two pages a second …`)
  const { memberRole, identityCenter: center } = catalogue.aws
  const adapters = createAwsAdapters({ catalogue })
  await adapters.clock.measure()
  const trail = createTrail({ sts, memberRole, center, clock: adapters.clock })
  const report = await checkPin({ ...adapters, trail }, catalogue, account, role)
  if (!report) return fail(`${accountText(account)} has no role ${visible(role)}.`)
  const { entrants, regions, unread } = report
  const read = `CloudTrail of ${regions.join(', ')}; who asked STS in another region is not in it`
  if (regions.length > 0) {
    console.log(
      entrants.length === 0
        ? `Nobody entered ${where} in the last 90 days (${read}).`
        : `Who entered ${where} in the last 90 days (${read}),\nand what pinning sts:RoleSessionName to \${aws:username} would ask of them:\n\n${inColumns([headings, ...entrants.map(rowOf)])}\n\n${conclusion(entrants)}`,
    )
  }
  return unread.length === 0 || fail(...unread)
}

/** The account of the key, or the only one where the catalogue speaks of the role. Throws when that is not one. */
function accountFor({ accounts, entitlements }: Catalogue, role: string, key: string | undefined): Account {
  const keys = Object.keys(accounts).join(', ')
  if (key !== undefined) {
    const account = accounts[key]
    if (!account) throw new Error(`There is no account ${visible(key)}; the catalogue has ${keys}.`)
    return account
  }
  const where = Object.values(entitlements).flatMap(({ grants, accounts: used }) => {
    const onRole = grants.kind === 'inlinePolicy' && grants.on !== 'user' ? grants.on.role : undefined
    const name = grants.kind === 'assume' ? grants.role : onRole
    return name?.toLowerCase() === role.toLowerCase() ? used : []
  })
  const [only, ...others] = new Set(where)
  const account = only === undefined ? undefined : accounts[only]
  if (!account || others.length > 0) throw new Error(`Say with --account where ${visible(role)} is: ${keys}.`)
  return account
}

const headings = ['', 'who', 'times', 'last', 'as', 'before the pin']
const signs: Record<Entrant['mark'], string> = { fine: '✓', must_name: '·', locked_out: '✗' }
const mostNames = 3

function rowOf({ mark, who, times, lastAt, sessionNames, advice }: Entrant): string[] {
  const more = sessionNames.length - mostNames
  const names = [...sessionNames.slice(0, mostNames), ...(more > 0 ? [`${more} more`] : [])].join(', ')
  return [signs[mark], who, String(times), lastAt, names, advice].map(visible)
}

function conclusion(entrants: Entrant[]): string {
  const has = (mark: Entrant['mark']) => entrants.some(one => one.mark === mark)
  const lines = [
    ...(has('must_name')
      ? ['In the console the name is right by itself; the CLI makes one up unless its profile says it.']
      : []),
    ...(has('locked_out') ? ['Who cannot enter by such a statement needs a role of their own.'] : []),
  ]
  return lines.length > 0 ? lines.join('\n') : 'Nobody would be locked out.'
}

function fail(...lines: string[]): false {
  for (const line of lines) console.error(visible(line))
  return false
}
