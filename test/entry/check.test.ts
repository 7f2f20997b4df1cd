import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { withChange } from '../support/valid-catalogue.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Runs what `npm run check` runs. */
function check(file: string) {
  return spawnSync(process.execPath, ['src/entry/check.ts', file], { cwd: root, encoding: 'utf8' })
}

it('names every mistake of a file in one run, each in one line, and ends with 1', () => {
  const file = 'test/entry/twenty-mistakes.yaml'
  const { status, stdout, stderr } = check(file)
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  const lines = stderr.trimEnd().split('\n')
  expect(lines.splice(-2)).toEqual(['', '41 problems.'])
  // In the file, each line with a mistake carries its number; what is said has a place, a path, and two sentences.
  const numbered = readFileSync(`${root}/${file}`, 'utf8')
    .split('\n')
    .flatMap((text, index) => (/ # \d+/.test(text) ? [index + 1] : []))
  const said = lines.map(text => /^test\/entry\/twenty-mistakes\.yaml:(\d+) {2}[\w.[\]-]+: .+[.:] .+[.?]$/.exec(text))
  expect(said.map(match => Number(match?.[1]))).toEqual(numbered)
  expect(numbered).toHaveLength(41)
})

it('says what to write instead', () => {
  const { stderr } = check('test/entry/twenty-mistakes.yaml')
  for (const line of [
    '8  aws.hubAccount: 012345678901 without quotes is not text to YAML. Put it in quotes: "012345678901".',
    '27  operators[0]: There is no group platfrom. Did you mean platform?',
    '37  entitlements.prod_read_only.durations[0]: "30 minutes" is not a duration. Write 30m.',
    '52  entitlements.orders.inlinePolicy.statements[2].Action: Action is not a key here. Write actions: [...].',
  ]) {
    expect(stderr).toContain(`test/entry/twenty-mistakes.yaml:${line}\n`)
  }
})

it('shows what may be asked for when nothing is wrong, and ends with 0', () => {
  const { status, stdout, stderr } = check('infra/curfew.example.yaml')
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  const lines = stdout.split('\n').map(line => line.trim().split(/ {2,}/))
  expect(lines[0]).toEqual(['infra/curfew.example.yaml is in order. What may be asked for:'])
  expect(lines[2]).toEqual(['entitlement', 'gives', 'in', 'to', 'approved by', 'at most'])
  expect(lines).toContainEqual([
    'orders-table',
    'inline policy on the IAM user',
    'Jump account',
    'developers',
    '1 of platform',
    '4 h',
  ])
})

it('names what goes on after the end, one line each', () => {
  const folder = mkdtempSync(join(tmpdir(), 'curfew-'))
  const file = join(folder, 'curfew.yaml')
  const text = withChange('actions: ["dynamodb:GetItem"]', 'actions: ["dynamodb:GetItem", "ecs:RunTask", "sns:Sub*"]')
  writeFileSync(file, text.replace('leash: off', 'leash: off\n    allowPersistence: true'))
  const { stdout } = check(file)
  rmSync(folder, { recursive: true })
  expect(stdout.trimEnd().split('\n').slice(-4)).toEqual([
    'What goes on after the end:',
    '',
    'read may leave behind whatever ReadOnly can, in sensitive accounts too (allowPersistence).',
    'table can leave behind what it makes or starts with ecs:RunTask, sns:Sub*.',
  ])
})

it('needs a file, and says so without a stack trace', () => {
  const { status, stderr } = check('no-such-file.yaml')
  expect(status).toBe(1)
  expect(stderr).toBe(
    'no-such-file.yaml  no-such-file.yaml does not exist. Set CURFEW_CONFIG to your catalogue; infra/curfew.example.yaml is one to start from.\n\n1 problem.\n',
  )
})
