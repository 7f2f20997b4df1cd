import { expect, it } from 'vitest'
import { neededScopes } from '../../../src/adapters/slack/scopes.ts'
import { slackSeed } from '../../../src/playground/story-slack.ts'

it('the app of the playground is installed with the scopes the bot needs and no others', () => {
  expect([...slackSeed.app.scopes].sort()).toEqual([...neededScopes].sort())
})
