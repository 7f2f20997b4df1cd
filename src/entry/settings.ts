import { z } from 'zod'

/** What the environment says; the names are the public contract. */
export type Settings = {
  configPath: string
  tableName: string
  createTable: boolean
  slackBotToken: string
  slackAppToken: string
  slackApiUrl: string | undefined
  sweepSeconds: number
}

const variables = z.object({
  CURFEW_CONFIG: z.string().min(1).default('curfew.yaml'),
  CURFEW_TABLE: z.string().min(1).default('curfew'),
  CURFEW_CREATE_TABLE: z
    .enum(['0', '1'], 'write 1 to create the table when it is missing, or leave it out')
    .default('0'),
  SLACK_BOT_TOKEN: z
    .string('set it to the bot token of your Slack app (xoxb-…)')
    .startsWith('xoxb-', 'a bot token begins with xoxb-; this is something else'),
  SLACK_APP_TOKEN: z
    .string('set it to an app-level token with connections:write (xapp-…): Curfew talks to Slack in Socket Mode')
    .startsWith('xapp-', 'an app-level token begins with xapp-; this is something else'),
  SLACK_API_URL: z.url('write a whole URL, such as https://slack.com/api/').optional(),
  CURFEW_SWEEP_SECONDS: z.coerce
    .number('write a number of seconds from 1 to 300')
    .min(1, 'write a number of seconds from 1 to 300')
    .max(300, 'write a number of seconds from 1 to 300')
    .default(60),
})

/** Reads the settings, or says everything that is wrong with them, one line each. An empty variable counts as missing. */
export function readSettings(env: Record<string, string | undefined>): { settings: Settings } | { problems: string[] } {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = variables.safeParse(given)
  if (!parsed.success) {
    return { problems: parsed.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`) }
  }
  const { data } = parsed
  return {
    settings: {
      configPath: data.CURFEW_CONFIG,
      tableName: data.CURFEW_TABLE,
      createTable: data.CURFEW_CREATE_TABLE === '1',
      slackBotToken: data.SLACK_BOT_TOKEN,
      slackAppToken: data.SLACK_APP_TOKEN,
      slackApiUrl: data.SLACK_API_URL,
      sweepSeconds: data.CURFEW_SWEEP_SECONDS,
    },
  }
}
