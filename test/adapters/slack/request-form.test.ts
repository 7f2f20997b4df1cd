import type { ModalView } from '@slack/types'
import { describe, expect, it } from 'vitest'
import { renderRequestForm } from '../../../src/adapters/slack/request-form.ts'
import { type RequestFormValues, readRequestForm, toForm } from '../../../src/adapters/slack/request-form-values.ts'
import type { Language } from '../../../src/core/entitlement.ts'
import { aCatalogue } from '../../support/builders.ts'

const catalogue = aCatalogue()
const all = Object.values(catalogue.entitlements)

function formWith(values: Partial<RequestFormValues>, offered = all, language: Language = 'en'): ModalView {
  return renderRequestForm({ catalogue, offered, values: { parameters: {}, ...values } }, language)
}

function fieldsOf(view: ModalView): string[] {
  return view.blocks.flatMap(block => (block.type === 'input' && block.block_id ? [block.block_id] : []))
}

function elementOf(view: ModalView, blockId: string) {
  const block = view.blocks.find(candidate => candidate.block_id === blockId)
  if (block?.type !== 'input' || !('element' in block)) throw new Error(`no input ${blockId}`)
  return { ...block, element: block.element as unknown as Record<string, { value: string } & { value: string }[]> }
}

describe('the request form', () => {
  it('asks for the entitlement first and draws itself again when it is chosen', () => {
    const view = formWith({})
    expect(view).toMatchObject({ type: 'modal', callback_id: 'request-access', private_metadata: '' })
    expect(fieldsOf(view)).toEqual(['entitlement'])
    expect(elementOf(view, 'entitlement').dispatch_action).toBe(true)
  })

  it('has the fields that the chosen entitlement needs, and is marked as drawn for it', () => {
    const view = formWith({ entitlementId: 'prod-read-only' })
    expect(view.private_metadata).toBe('prod-read-only')
    expect(fieldsOf(view)).toEqual(['entitlement', 'account', 'duration', 'reason', 'ticket'])
    expect(fieldsOf(formWith({ entitlementId: 'dev-table' }))).toEqual([
      'entitlement',
      'account',
      'parameter.table',
      'duration',
      'reason',
    ])
  })

  it('says what the chosen entitlement gives', () => {
    expect(JSON.stringify(formWith({ entitlementId: 'prod-read-only' }))).toContain(
      'Gives you the permission set `Curfew-ReadOnly` in the account.',
    )
    expect(JSON.stringify(formWith({ entitlementId: 'dev-table' }))).toContain(
      'Adds an inline policy to your IAM user:\\n`dynamodb:GetItem, dynamodb:Query, dynamodb:PutItem → arn:aws:dynamodb:*:222222222222:table/',
    )
  })

  it('says it in plain words, with the names of the blanks, before the statements', () => {
    const entitlement = structuredClone(catalogue.entitlements['dev-table'])!
    if (entitlement.grants.kind !== 'inlinePolicy') throw new Error('not a policy')
    entitlement.grants.words = {
      lines: [
        { en: `Read items in table \${table} (DynamoDB)`, ja: `テーブル \${table} の項目の読み取り（DynamoDB）` },
      ],
      careful: { en: 'can change things.', ja: '変更ができます。' },
    }
    entitlement.grants.requireMfa = true
    entitlement.grants.regions = ['ap-northeast-1']
    const form = renderRequestForm({ catalogue, offered: [entitlement], values: { parameters: {} } }, 'ja')
    expect(JSON.stringify(form)).toContain(
      [
        'あなたの IAM ユーザーに、次のインラインポリシーを追加します:',
        '• テーブル ‹テーブル› の項目の読み取り（DynamoDB）',
        '• MFA でサインインしている場合のみ、リージョン ap-northeast-1 のみ',
        ':warning: *注意:* 変更ができます。',
        '`dynamodb:GetItem',
      ].join('\\n'),
    )
  })

  it('chooses what there is only one of', () => {
    const view = formWith({}, [all[0]!])
    expect(elementOf(view, 'entitlement').element['initial_option']?.value).toBe('prod-read-only')
    expect(elementOf(view, 'account').element['initial_option']?.value).toBe('prod')
    expect(elementOf(view, 'duration').element['initial_option']).toBeUndefined()
  })

  it('gives back what was filled in, as far as it still fits', () => {
    const view = formWith({
      entitlementId: 'dev-table',
      accountKey: 'prod',
      durationMinutes: '240',
      reason: 'Look at order 42',
      parameters: { table: 'orders' },
    })
    expect(elementOf(view, 'duration').element['initial_option']?.value).toBe('240')
    expect(elementOf(view, 'reason').element['initial_value']).toBe('Look at order 42')
    expect(elementOf(view, 'parameter.table').element).toMatchObject({ initial_value: 'orders', max_length: 128 })
    expect(
      elementOf(formWith({ entitlementId: 'dev-table', durationMinutes: '480' }), 'duration').element,
    ).not.toHaveProperty('initial_option')
  })

  it('offers durations in words, in order, and marks sensitive accounts', () => {
    const view = formWith({ entitlementId: 'prod-read-only' })
    const labels = (blockId: string) =>
      (elementOf(view, blockId).element['options'] as unknown as { text: { text: string } }[]).map(
        ({ text }) => text.text,
      )
    expect(labels('duration')).toEqual(['30 min', '1 h', '4 h', '8 h'])
    expect(labels('account')).toEqual(['⚠ Production 111111111111'])
  })

  it('speaks Japanese', () => {
    const view = formWith({ entitlementId: 'dev-table' }, all, 'ja')
    expect(view.title.text).toBe('アクセス申請')
    expect(elementOf(view, 'parameter.table').label.text).toBe('テーブル')
    expect(JSON.stringify(view)).toContain('開発 DynamoDB テーブル')
  })

  it('says calmly that there is nothing to ask for, and whom to ask', () => {
    const view = formWith({}, [])
    expect(view.submit).toBeUndefined()
    expect(view.blocks).toMatchObject([
      {
        text: {
          text: 'There is nothing here that you may ask for yet.\n\nAccess is asked for by members of <!subteam^S0DEV>. If you need it, ask in <#C0APPROVE> to be added.',
        },
      },
    ])
  })
})

describe('reading the form', () => {
  it('takes each field by its block, whatever its element is called', () => {
    const values = readRequestForm({
      entitlement: { entitlement: { type: 'static_select', selected_option: { value: 'dev-table' } } },
      account: { 'account.dev-table': { type: 'static_select', selected_option: { value: 'dev' } } },
      'parameter.table': { 'parameter.table': { type: 'plain_text_input', value: ' orders ' } },
      duration: { 'duration.dev-table': { type: 'static_select', selected_option: { value: '60' } } },
      reason: { reason: { type: 'plain_text_input', value: 'because' } },
      ticket: { ticket: { type: 'plain_text_input', value: null } },
    })
    expect(toForm(values)).toEqual({
      entitlementId: 'dev-table',
      accountKey: 'dev',
      parameters: { table: 'orders' },
      durationMinutes: 60,
      reason: 'because',
    })
  })

  it('leaves to core what is missing', () => {
    expect(toForm(readRequestForm({ account: { x: { type: 'static_select', selected_option: null } } }))).toEqual({
      entitlementId: '',
      accountKey: '',
      parameters: {},
      durationMinutes: 0,
      reason: '',
    })
  })

  it('refuses what no form sends', () => {
    expect(() => readRequestForm({ reason: 'because' })).toThrow()
  })
})
