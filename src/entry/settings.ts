import { z } from 'zod'

/** How Slack reaches the bot: over connections the bot opens, or by HTTP requests to a port. */
export type Receiving = { mode: 'socket'; appToken: string } | { mode: 'http'; signingSecret: string; port: number }

/** What the environment says; the names are the public contract. */
export type Settings = {
  configPath: string
  tableName: string
  createTable: boolean
  slackBotToken: string
  receiving: Receiving
  slackApiUrl: string | undefined
  sweepSeconds: number
  /** False: nothing is added any more, and everything is still taken away. */
  grantsOn: boolean
}

/** Of settings with problems, those that can be tried out all the same. */
export type Readable = { [Name in keyof Settings]: Settings[Name] | undefined }

const portRange = 'write a port number from 0 to 65535; 0 picks a free one'
const sweepRange = 'write a number of seconds from 1 to 300'

const configPath = z.string().default('curfew.yaml')
const tableName = z.string().default('curfew')
const createTable = z
  .enum(['0', '1'], 'write 1 to create the table when it is missing, or leave it out')
  .default('0')
  .transform(given => given === '1')
const slackBotToken = z
  .string('set it to the bot token of your Slack app (xoxb-…)')
  .regex(/^xoxb-\S+$/, 'a bot token begins with xoxb- and has no spaces; this is something else')
const slackAppToken = z
  .string()
  .regex(/^xapp-\S+$/, 'an app-level token begins with xapp- and has no spaces; this is something else')
const slackSigningSecret = z
  .string('set it to the signing secret of your Slack app, or SLACK_APP_TOKEN (xapp-…) for Socket Mode')
  .regex(/^(?!xoxb-|xapp-)\S+$/, 'this is something else; copy the Signing Secret from Basic Information of your app')
const port = z
  .string('set it to the port that Slack’s requests come in on, or SLACK_APP_TOKEN (xapp-…) for Socket Mode')
  .regex(/^\d{1,5}$/, portRange)
  .transform(Number)
  .refine(number => number <= 65_535, portRange)
const slackApiUrl = z.url('write a whole URL, such as https://slack.com/api/').optional()
const grantsOn = z
  .enum(['on', 'off'], 'write off to stop granting (removing goes on), or leave it out')
  .default('on')
  .transform(given => given === 'on')
const sweepSeconds = z.coerce.number(sweepRange).min(1, sweepRange).max(300, sweepRange).default(60)

/** Reads the settings, or says everything that is wrong with them, one line each. An empty variable counts as missing. */
export function readSettings(
  env: Record<string, string | undefined>,
): { settings: Settings } | { problems: string[]; readable: Readable } {
  const problems: string[] = []
  const read = <T>(name: string, schema: z.ZodType<T>): T | undefined => {
    const parsed = schema.safeParse(env[name] || undefined)
    if (!parsed.success) problems.push(`${name}: ${parsed.error.issues[0]?.message}`)
    return parsed.data
  }
  const readReceiving = (): Receiving | undefined => {
    // Socket Mode whenever the app token is set; PORT is then none of ours, many platforms set it always.
    if (env['SLACK_APP_TOKEN']) {
      const appToken = read('SLACK_APP_TOKEN', slackAppToken)
      return appToken === undefined ? undefined : { mode: 'socket', appToken }
    }
    if (!env['SLACK_SIGNING_SECRET'] && !env['PORT']) {
      const forHttp = 'or SLACK_SIGNING_SECRET and PORT to take Slack’s requests over HTTP'
      problems.push(`SLACK_APP_TOKEN: set it to an app-level token with connections:write (xapp-…), ${forHttp}`)
      return undefined
    }
    const signingSecret = read('SLACK_SIGNING_SECRET', slackSigningSecret)
    const number = read('PORT', port)
    return signingSecret === undefined || number === undefined
      ? undefined
      : { mode: 'http', signingSecret, port: number }
  }
  const apiUrl = read('SLACK_API_URL', slackApiUrl)
  // While it is not known where Slack is, nobody is shown a token.
  const slackIsKnown = problems.length === 0
  const botToken = read('SLACK_BOT_TOKEN', slackBotToken)
  const receiving = readReceiving()
  const readable: Readable = {
    configPath: read('CURFEW_CONFIG', configPath),
    tableName: read('CURFEW_TABLE', tableName),
    createTable: read('CURFEW_CREATE_TABLE', createTable),
    slackBotToken: slackIsKnown ? botToken : undefined,
    receiving: slackIsKnown || receiving?.mode === 'http' ? receiving : undefined,
    slackApiUrl: apiUrl,
    sweepSeconds: read('CURFEW_SWEEP_SECONDS', sweepSeconds),
    grantsOn: read('CURFEW_GRANTS', grantsOn),
  }
  // Each is read or has its problem; SLACK_API_URL alone may be absent without one.
  return problems.length === 0 ? { settings: readable as Settings } : { problems, readable }
}
