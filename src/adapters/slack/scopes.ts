/**
 * The scopes the bot's token needs, each for the calls beside it. The app's manifest asks for these; without one of
 * them the bot does not start.
 */
export const neededScopes = [
  // /request-access
  'commands',
  // chat.*
  'chat:write',
  // conversations.open, for direct messages
  'im:write',
  // conversations.history: finding a message whose posting was not heard, wherever it went
  'im:history',
  'channels:history',
  'groups:history',
  // conversations.info: whether the catalogue's channels are there and our own; they may be private
  'channels:read',
  'groups:read',
  // users.info; the address is matched with AWS
  'users:read',
  'users:read.email',
  // usergroups.users.list
  'usergroups:read',
] as const
