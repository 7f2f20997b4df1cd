import { botId } from '../payloads.ts'
import { tiers } from '../rate-limits.ts'
import type { Method } from './method.ts'

const test: Method = {
  run(_args, { workspace }) {
    const { team, app } = workspace.seed
    return {
      url: `https://${team.domain}.slack.com/`,
      team: team.name,
      team_id: team.id,
      user: workspace.state.users.get(app.botUserId)?.name,
      user_id: app.botUserId,
      bot_id: botId(workspace),
      is_enterprise_install: false,
    }
  },
}

const open: Method = {
  token: 'app',
  rate: tiers.tier3,
  run: (_args, { sockets, host }) => ({ url: `ws://${host()}${sockets.issueTicket()}` }),
}

/** What an app calls to start: who am I, and where do I connect. */
export const connectionMethods: Record<string, Method> = { 'auth.test': test, 'apps.connections.open': open }
