import { type Between, type Passing, startProxy } from './proxy.ts'

/** Where the process dies: at its n-th call of that name (counted from 1), before it leaves or before it is answered. */
export type Death = { call: string; nth: number; when: 'before' | 'after' }

/** Stands between a bot and everything it calls, counts the calls that change something, and kills the bot at one of them. */
export type KillingProxy = {
  /** The bot's variables, with the way through here. */
  variables: Record<string, string>
  /** Counts from here on, with a death or without. */
  arm(death?: Death): void
  /** The calls that changed something since, by name: `iam PutUserPolicy`, `table REQ`, `slack chat.update`. */
  calls(): string[]
  stop(): Promise<void>
}

/** Starts one for a bot with these variables; `kill` ends it at once (SIGKILL). */
export async function startKillingProxy(variables: Record<string, string>, kill: () => void): Promise<KillingProxy> {
  let calls: string[] = []
  let death: Death | undefined
  const handle = (nameOf: (passing: Passing) => string | undefined) => async (passing: Passing) => {
    const name = nameOf(passing)
    if (name === undefined) return passing.forward()
    calls.push(name)
    const isLast = death?.call === name && calls.filter(other => other === name).length === death.nth
    const dies = isLast ? death?.when : undefined
    if (dies === 'before') {
      kill()
      return 'hang'
    }
    const answer = await passing.forward()
    if (dies !== 'after') return answer
    kill()
    return 'hang'
  }
  const before = (name: string, nameOf: (passing: Passing) => string | undefined) =>
    startProxy(new URL(variables[name] ?? '').origin, handle(nameOf))
  const proxies: [aws: Between, table: Between, slack: Between] = await Promise.all([
    before('AWS_ENDPOINT_URL', awsChange),
    before('AWS_ENDPOINT_URL_DYNAMODB', tableChange),
    before('SLACK_API_URL', slackChange),
  ])
  const [aws, table, slack] = proxies
  return {
    variables: {
      ...variables,
      AWS_ENDPOINT_URL: aws.url,
      AWS_ENDPOINT_URL_DYNAMODB: table.url,
      SLACK_API_URL: `${slack.url}/api/`,
    },
    arm(next) {
      calls = []
      death = next
    },
    calls: () => [...calls],
    async stop() {
      await Promise.all(proxies.map(proxy => proxy.stop()))
    },
  }
}

function awsChange({ message, body }: Passing): string | undefined {
  const json = /\.((?:Create|Delete|Put|Update|Attach|Detach|Provision)\w+)$/.exec(targetOf(message))
  const query = /(?:^|&)Action=((?:Create|Delete|Put|Update|Set|Attach|Detach)\w+)/.exec(body)
  if (json) return `sso ${json[1]}`
  return query ? `iam ${query[1]}` : undefined
}

/** Named after the kind of item that is written. */
function tableChange({ message, body }: Passing): string | undefined {
  const [, operation] = /\.((?:Put|Update|Delete|Create|Transact|BatchWrite)\w+)$/.exec(targetOf(message)) ?? []
  if (operation === undefined) return undefined
  const [, kind] = /"pk":\{"S":"(\w+)/.exec(body) ?? []
  return `table ${kind ?? operation}`
}

function slackChange({ message }: Passing): string | undefined {
  const [, method] = /^\/api\/((?:chat|views)\.\w+|conversations\.open)/.exec(message.url ?? '') ?? []
  return method && `slack ${method}`
}

function targetOf({ headers }: Passing['message']): string {
  return String(headers['x-amz-target'] ?? '')
}
