import type { WebClient } from '@slack/web-api'
import { askSlack, refusalOf } from '../adapters/slack/faults.ts'
import { neededScopes } from '../adapters/slack/scopes.ts'
import type { Catalogue } from '../core/entitlement.ts'
import { asFault } from '../core/errors.ts'
import { inWords, type StartCheck, sentence } from './start-checks.ts'

const remedy = 'Check the network, and SLACK_API_URL where it is set.'

/**
 * Checks that the bot token works, has the scopes it needs, is of the catalogue's workspace and sees the catalogue's
 * channels. Without a catalogue only what does not need one.
 */
export function botTokenCheck(client: WebClient, slack: Catalogue['slack'] | undefined): StartCheck {
  const check = async (): Promise<string[]> => {
    const answer = await askSlack('auth.test', () => client.auth.test())
    const problems: string[] = []
    const granted = answer.response_metadata?.scopes ?? []
    const missing = neededScopes.filter(scope => !granted.includes(scope))
    if (missing.length > 0) {
      const where = 'Add what is missing under OAuth & Permissions of your Slack app, then reinstall the app.'
      problems.push(`SLACK_BOT_TOKEN: the token lacks ${missing.join(', ')}. ${where}`)
    }
    if (!slack) return problems
    if (answer.team_id !== slack.team) {
      // Of another workspace's channels there is nothing to say.
      const which = `${answer.team} (${answer.team_id}), slack.team of the catalogue is ${slack.team}`
      return [...problems, `SLACK_BOT_TOKEN: the token is of the workspace ${which}. Correct whichever is wrong.`]
    }
    const ofChannels = await Promise.all([
      channelProblem(client, 'slack.approvalsChannel', slack.approvalsChannel, answer.user),
      channelProblem(client, 'slack.alertsChannel', slack.alertsChannel, answer.user),
    ])
    return [...problems, ...ofChannels.filter(problem => problem !== undefined)]
  }
  const remedyOfToken = 'Copy the Bot User OAuth Token from OAuth & Permissions of your Slack app.'
  return { about: 'Slack', remedy, check: () => orRefusal('SLACK_BOT_TOKEN', remedyOfToken, check) }
}

/** Checks that the app-level token may open connections. */
export function appTokenCheck(client: WebClient, appToken: string): StartCheck {
  const remedyOfToken = 'Make an app-level token with connections:write under Basic Information of your Slack app.'
  const check = async () => {
    await askSlack('apps.connections.open', () => client.apps.connections.open({ token: appToken }))
    return []
  }
  return { about: 'Slack', remedy, check: () => orRefusal('SLACK_APP_TOKEN', remedyOfToken, check) }
}

/** What Slack refuses is about the token; what it does not answer is about the way there, which is said once. */
async function orRefusal(variable: string, remedyOfToken: string, check: () => Promise<string[]>): Promise<string[]> {
  try {
    return await check()
  } catch (error) {
    const said = refusalOf(error)
    if (said !== undefined) return [`${variable}: Slack says ${said}. ${remedyOfToken}`]
    if (asFault(error).code === 'slack_unreachable') return [`Slack cannot be reached (${reasonOf(error)}). ${remedy}`]
    return [`${sentence(inWords(error))} ${remedy}`]
  }
}

async function channelProblem(client: WebClient, path: string, id: string, botName = 'the bot') {
  const invite = `Type /invite @${botName} in it, or correct the catalogue.`
  try {
    const { channel } = await askSlack('conversations.info', () => client.conversations.info({ channel: id }))
    const name = `${id} (#${channel?.name})`
    // Outsiders in a shared channel can click its buttons (platform: D6).
    if (channel?.is_ext_shared || channel?.is_pending_ext_shared) {
      return `${path}: ${name} is shared with another organisation. Choose a channel of your own workspace.`
    }
    if (channel?.is_archived) return `${path}: ${name} is archived. Choose another channel.`
    if (!channel?.is_member) return `${path}: the bot is not in ${name}. ${invite}`
    return undefined
  } catch (error) {
    const said = refusalOf(error)
    // Said already, with every other missing scope.
    if (said === 'missing_scope') return undefined
    if (said === 'channel_not_found') {
      return `${path}: there is no channel ${id}, or it is private and the bot is not in it. ${invite}`
    }
    if (said !== undefined) return `${path}: Slack says ${said} of ${id}. Correct the catalogue.`
    throw error
  }
}

/** Why there was no connection: of a failed fetch the reason is the innermost cause. */
function reasonOf(error: unknown): string {
  let inner = error
  for (let next = causeOf(inner); next instanceof Error; next = causeOf(inner)) inner = next
  return inner instanceof Error ? inner.message || inner.name : String(inner)
}

function causeOf(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined
  return 'original' in error ? error.original : error.cause
}
