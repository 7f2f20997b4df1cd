import { expect, it } from 'vitest'
import { whoMustApprove } from '../../../src/adapters/slack/who-approves.ts'
import type { Catalogue } from '../../../src/core/entitlement.ts'
import { aCatalogue, aRequest } from '../../support/builders.ts'

/** A catalogue whose dev-table needs so many rules, each of one of so many people. */
function withRules(rules: number, people: number, count = 1): Catalogue {
  const catalogue = aCatalogue()
  const slackUsers = Array.from({ length: people }, (_, n) => `U${String(n).padStart(10, '0')}`)
  catalogue.groups['many'] = { slackUsers }
  catalogue.entitlements['dev-table']!.approvals = Array.from({ length: rules }, () => ({ from: ['many'], count }))
  return catalogue
}

it('names the groups and people of each rule', () => {
  const catalogue = aCatalogue()
  catalogue.entitlements['dev-table']!.approvals = [
    { from: ['platform'], count: 2 },
    { from: ['security'], count: 1 },
  ]
  expect(whoMustApprove(aRequest('pending'), catalogue, 'en')).toBe('2 of <!subteam^S0PLATFORM> and <@U0CAROL>')
  expect(whoMustApprove(aRequest('pending'), catalogue, 'ja')).toBe('<!subteam^S0PLATFORM> のうち2人 と <@U0CAROL>')
})

it('names fewer people of each rule where all would not fit the field, and says how many it leaves out', () => {
  const text = whoMustApprove(aRequest('pending'), withRules(10, 22), 'en')
  expect(text?.split(' and ')).toHaveLength(10)
  expect(text?.split(' and ')[0]).toMatch(/^(<@U\d{10}>, ){10}12 more$/)
  expect(whoMustApprove(aRequest('pending'), withRules(1, 21, 2), 'ja')).toMatch(/・ほか1 のうち2人$/)
})

it.each(['en', 'ja'] as const)('fits the field and cuts no mention, however many rules there are (%s)', language => {
  for (const rules of [1, 5, 20, 60, 100, 400]) {
    for (const people of [1, 20, 500]) {
      const text = whoMustApprove(aRequest('pending'), withRules(rules, people, 3), language) ?? ''
      expect(text.length).toBeGreaterThan(0)
      expect(text.length).toBeLessThanOrEqual(1900)
      expect(text.replace(/<@U\d{10}>/g, '')).not.toContain('<')
    }
  }
})
