import { userObject } from '../payloads.ts'
import { tiers } from '../rate-limits.ts'
import type { Workspace } from '../workspace.ts'
import { type Method, Refusal } from './method.ts'

function mayReadEmail(workspace: Workspace): boolean {
  return workspace.seed.app.scopes.includes('users:read.email')
}

const info: Method = {
  scopes: ['users:read'],
  rate: tiers.tier4,
  required: ['user'],
  run(args, { workspace }) {
    const user = workspace.state.users.get(args.text('user'))
    if (!user) throw new Refusal('user_not_found')
    const options = { email: mayReadEmail(workspace), locale: args.flag('include_locale') }
    return { user: userObject(workspace, user, options) }
  },
}

const lookupByEmail: Method = {
  scopes: ['users:read.email'],
  rate: tiers.tier3,
  required: ['email'],
  run(args, { workspace }) {
    const email = args.text('email').toLowerCase()
    const user = [...workspace.state.users.values()].find(
      one => one.email.toLowerCase() === email && !one.deleted && !one.isBot && !workspace.isOutsider(one),
    )
    if (!user) throw new Refusal('users_not_found')
    return { user: userObject(workspace, user, { email: true, locale: false }) }
  },
}

const userGroupUsers: Method = {
  scopes: ['usergroups:read'],
  rate: tiers.tier2,
  required: ['usergroup'],
  run(args, { workspace }) {
    const group = workspace.state.userGroups.get(args.text('usergroup'))
    if (!group) throw new Refusal('no_such_subteam')
    // Deactivated people leave their groups.
    return { users: group.users.filter(id => workspace.state.users.get(id)?.deleted !== true) }
  },
}

/** users.* and usergroups.*: people and the groups they are in. */
export const userMethods: Record<string, Method> = {
  'users.info': info,
  'users.lookupByEmail': lookupByEmail,
  'usergroups.users.list': userGroupUsers,
}
