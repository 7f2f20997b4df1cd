import { expect, it } from 'vitest'
import { memberRoleCommand } from '../../src/core/live-account.ts'

const session = 'arn:aws:sts::000000000000:assumed-role/curfew-bot/i-1'

it('the member role is made for the role of the bot, and for what the catalogue grants in the account', () => {
  const start =
    'aws cloudformation deploy --stack-name curfew-member --template-file infra/member-account.template.yaml --capabilities CAPABILITY_NAMED_IAM --parameter-overrides BotRoleArn=arn:aws:iam::000000000000:role/curfew-bot'
  expect(memberRoleCommand({ sensitive: false }, session, [])).toBe(start)
  expect(memberRoleCommand({ sensitive: true }, session, ['Dev'])).toBe(`${start} RolePath=Dev Sensitive=yes`)
  // The template takes one pattern.
  expect(memberRoleCommand({ sensitive: false }, session, ['Dev', 'Ops'])).toBe(`${start} RolePath='*'`)
})
