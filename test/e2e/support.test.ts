import { describe, expect, it } from 'vitest'
import { tellsTooMuch } from './support.ts'

const botVariables = {
  SLACK_BOT_TOKEN: 'xoxb-1',
  SLACK_SIGNING_SECRET: 'hush',
  AWS_SECRET_ACCESS_KEY: 'key-of-the-bot',
  AWS_ACCESS_KEY_ID: 'AKIA1',
}

describe('the search of every journey’s log', () => {
  it.each([
    '{"event":"slack.failed","problem":"invalid_auth for xoxb-1"}',
    '{"event":"slack.failed","problem":"signed with hush"}',
    '{"event":"request.work_failed","problem":"key-of-the-bot"}',
    '{"event":"request.work_failed","problem":"token 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}',
    '{"event":"request.work_failed","problem":"{\\"Version\\":\\"2012-10-17\\",\\"Statement\\":[]}"}',
    '{"event":"request.submitted","reason":"Order 42 is there twice"}',
    '{"event":"request.clicked","reason":"Use the read replica"}',
    '{"audit":true,"document":"{\\"Statement\\":[]}"}',
  ])('finds %s', line => {
    expect(tellsTooMuch(line, { botVariables })).toBe(true)
  })

  it.each([
    '{"event":"request.submitted","requestId":"req_5GZTE6F8C10B4SE9T4JQ","entitlement":"orders-table"}',
    '{"event":"slack.failed","caller":"AKIA1"}',
    '{"audit":true,"reason":"Order 42 is there twice"}',
  ])('passes over %s', line => {
    expect(tellsTooMuch(line, { botVariables })).toBe(false)
  })
})
