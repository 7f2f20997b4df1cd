import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { catalogueJsonSchema } from '../../src/entry/catalogue-json-schema.ts'
import { validCatalogue, withChange } from '../support/valid-catalogue.ts'

const read = (file: string) => readFileSync(new URL(`../../infra/${file}`, import.meta.url), 'utf8')
const committed = JSON.parse(read('curfew.schema.json'))
const validator = z.fromJSONSchema(committed)

/** Whether an editor would take the text. */
function takes(text: string): boolean {
  return validator.safeParse(parse(text)).success
}

it('is the one that is committed', () => {
  expect(catalogueJsonSchema(), 'The catalogue has changed: run `npm run schema` and commit what it writes.').toEqual(
    committed,
  )
})

it('takes the example, whose first line leads an editor to it', () => {
  const example = read('curfew.example.yaml')
  expect(example.split('\n')[0]).toBe('# yaml-language-server: $schema=curfew.schema.json')
  expect(validator.safeParse(parse(example)).error).toBeUndefined()
})

it('takes a catalogue with little in it', () => {
  expect(takes(validCatalogue)).toBe(true)
})

it.each([
  ['an unknown key', 'ticket: optional', 'tickets: optional'],
  ['a missing key', ', alertsChannel: C0ALERT', ''],
  ['a channel by its name', 'C0APPROVE', '"#approvals"'],
  ['an account id that YAML takes for a number', '"111111111111"', '111111111111'],
  ['words for a duration', '[30m, 1h]', '["30 minutes", 1h]'],
  ['a number for a duration', '[30m, 1h]', '[30, 1h]'],
  ['half a person', '[platform], count: 1', '[platform], count: 0.5'],
  ['a group without members', '{ slackUsers: [U0ALICE] }', '{}'],
  ['a group with members twice', '{ slackUsers: [U0ALICE] }', '{ slackUsers: [U0ALICE], slackUserGroup: S0DEV }'],
  ['a list with nothing in it', '[prod]', '[]'],
  ['an account twice', '[prod]', '[prod, prod]'],
  ['a title in one language', '{ en: Read, ja: 読む }', 'Read'],
  ['a target that is none', 'on: user', 'on: group'],
  ['every action', '"dynamodb:GetItem"', '"*"'],
  ['a resource by its name', `"arn:aws:dynamodb:*:000000000000:table/\${table}"`, `"\${table}"`],
  ['an id with an underscore', '  read:', '  read_only:'],
  ['an override by name', '[example.com]', '[example.com], overrides: { alice: { iamUser: al } }'],
  ['one IAM user for everybody', '[example.com]', '[example.com], iamUser: shared'],
])('refuses %s', (_, from, to) => {
  expect(takes(withChange(from, to))).toBe(false)
})

it('says of each key what it is for, and takes no other', () => {
  const silent: string[] = []
  const open: string[] = []
  const look = (schema: z.core.JSONSchema.BaseSchema, path: string) => {
    if (schema.type === 'object' && schema.additionalProperties === undefined) open.push(path)
    for (const [key, child] of Object.entries(schema.properties ?? {})) {
      if (typeof child !== 'object' || !child.description) silent.push(`${path}.${key}`)
    }
    const children = [schema.properties ?? {}, { items: schema.items, '*': schema.additionalProperties }, schema.anyOf]
    for (const [key, child] of children.flatMap(found => Object.entries(found ?? {}))) {
      if (typeof child === 'object' && !Array.isArray(child)) look(child, `${path}.${key}`)
    }
  }
  look(catalogueJsonSchema(), '')
  expect({ silent, open }).toEqual({ silent: [], open: [] })
})
