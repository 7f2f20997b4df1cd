import { describe, expect, it } from 'vitest'
import { readSettings } from '../../src/entry/settings.ts'

const least = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }
const overHttp = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 'hush', PORT: '8080' }

/** The names of the variables that something is wrong with. */
function blamed(env: Record<string, string>): string[] {
  const read = readSettings(env)
  return 'problems' in read ? read.problems.map(problem => problem.split(':')[0] ?? '') : []
}

describe('settings', () => {
  it('need two tokens and nothing else', () => {
    expect(readSettings(least)).toEqual({
      settings: {
        configPath: 'curfew.yaml',
        tableName: 'curfew',
        createTable: false,
        slackBotToken: 'xoxb-1',
        receiving: { mode: 'socket', appToken: 'xapp-1' },
        slackApiUrl: undefined,
        sweepSeconds: 60,
        grantsOn: true,
      },
    })
  })

  it('are taken from their variables', () => {
    const given = {
      ...overHttp,
      CURFEW_CONFIG: '/etc/curfew.yaml',
      CURFEW_TABLE: 'grants',
      CURFEW_CREATE_TABLE: '1',
      SLACK_API_URL: 'http://127.0.0.1:1234/api/',
      CURFEW_SWEEP_SECONDS: '15',
      CURFEW_GRANTS: 'off',
    }
    expect(readSettings(given)).toEqual({
      settings: {
        configPath: '/etc/curfew.yaml',
        tableName: 'grants',
        createTable: true,
        slackBotToken: 'xoxb-1',
        receiving: { mode: 'http', signingSecret: 'hush', port: 8080 },
        slackApiUrl: 'http://127.0.0.1:1234/api/',
        sweepSeconds: 15,
        grantsOn: false,
      },
    })
  })

  it('mean Socket Mode whenever the app token is set, whatever PORT says then', () => {
    const read = readSettings({ ...overHttp, SLACK_APP_TOKEN: 'xapp-1', PORT: 'named-pipe' })
    expect(read).toMatchObject({ settings: { receiving: { mode: 'socket' } } })
  })

  it('count an empty variable as missing', () => {
    expect(readSettings({ ...least, CURFEW_TABLE: '', SLACK_API_URL: '', PORT: '' })).toEqual(readSettings(least))
    expect(blamed({ ...least, SLACK_BOT_TOKEN: '' })).toEqual(['SLACK_BOT_TOKEN'])
  })

  it.each([
    [{}, ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN']],
    [{ ...overHttp, PORT: '' }, ['PORT']],
    [{ ...overHttp, SLACK_SIGNING_SECRET: '' }, ['SLACK_SIGNING_SECRET']],
    [{ ...overHttp, SLACK_SIGNING_SECRET: 'xapp-1' }, ['SLACK_SIGNING_SECRET']],
    [{ ...overHttp, SLACK_SIGNING_SECRET: 'hush\n' }, ['SLACK_SIGNING_SECRET']],
    [{ ...overHttp, PORT: '65536' }, ['PORT']],
    [{ ...overHttp, PORT: '-1' }, ['PORT']],
    [{ ...overHttp, PORT: '80a' }, ['PORT']],
    [{ ...least, SLACK_APP_TOKEN: 'xoxb-1' }, ['SLACK_APP_TOKEN']],
    [{ ...least, SLACK_BOT_TOKEN: 'xoxb-1 ' }, ['SLACK_BOT_TOKEN']],
    [{ ...least, CURFEW_CREATE_TABLE: 'true' }, ['CURFEW_CREATE_TABLE']],
    [{ ...least, CURFEW_GRANTS: 'no' }, ['CURFEW_GRANTS']],
    [{ ...least, CURFEW_SWEEP_SECONDS: '301' }, ['CURFEW_SWEEP_SECONDS']],
    [{ ...least, SLACK_API_URL: 'slack.com' }, ['SLACK_API_URL']],
  ] as [Record<string, string>, string[]][])('%o is refused for %o', (env, names) => {
    expect(blamed(env)).toEqual(names)
  })

  it('take ports from 0 to 65535', () => {
    expect(blamed({ ...overHttp, PORT: '0' })).toEqual([])
    expect(blamed({ ...overHttp, PORT: '65535' })).toEqual([])
  })

  it('with problems still say what can be tried out', () => {
    expect(readSettings({ ...least, CURFEW_SWEEP_SECONDS: '0' })).toMatchObject({
      readable: { slackBotToken: 'xoxb-1', tableName: 'curfew', sweepSeconds: undefined },
    })
  })

  it('give no token away while it is not known where Slack is', () => {
    expect(readSettings({ ...least, SLACK_API_URL: 'slack' })).toMatchObject({
      readable: { slackBotToken: undefined, receiving: undefined },
    })
  })

  it('never repeat a value, which may be a secret in the wrong place', () => {
    const read = readSettings({ SLACK_BOT_TOKEN: 'hunter2', SLACK_APP_TOKEN: 'hunter2', SLACK_API_URL: 'hunter2' })
    expect(JSON.stringify(read)).not.toContain('hunter2')
  })
})
