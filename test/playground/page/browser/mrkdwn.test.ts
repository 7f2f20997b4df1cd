import { expect, test } from 'vitest'
import { type Reader, renderMrkdwn, renderPlain } from '../../../../src/playground/page/browser/mrkdwn.ts'
import { h, textOf } from '../../../../src/playground/page/browser/vnode.ts'

const reader: Reader = {
  now: Date.parse('2026-11-21T18:00:00Z'),
  timeZone: 'Europe/London',
  locale: 'en-US',
  language: 'en',
  userName: id => ({ U0ALICE: 'Alice' })[id] ?? id,
  channelName: id => ({ C0APPROVE: 'access-approvals' })[id] ?? id,
  groupName: id => ({ S0PLATFORM: 'platform' })[id] ?? id,
}
const render = (text: string) => renderMrkdwn(text, reader)
const seen = (text: string) => textOf(render(text)).replace(/\s/g, ' ')

test('bold, italic, struck and code are elements, and may stand in each other', () => {
  expect(render('a *bold _and italic_* ~gone~ `code`')).toEqual([
    'a ',
    h('strong', {}, 'bold ', h('em', {}, 'and italic')),
    ' ',
    h('s', {}, 'gone'),
    ' ',
    h('code', {}, 'code'),
  ])
})

test('marks inside a word or beside a blank are text', () => {
  expect(render('snake_case_name 2*3*4 * not bold *')).toEqual(['snake_case_name 2*3*4 * not bold *'])
  const broken = '(lambda:*\u200b, s3:*\u200b) *\u200bso*'
  expect(render(broken)).toEqual([broken])
})

test('nothing is formatted inside code, and entities are what they stand for', () => {
  expect(render('`a *b* &lt;c&gt;` &amp;lt;')).toEqual([h('code', {}, 'a *b* <c>'), ' &lt;'])
})

test('markup in what people typed stays text', () => {
  expect(render('&lt;img src=x onerror=alert(1)&gt;')).toEqual(['<img src=x onerror=alert(1)>'])
})

test('people, channels and groups are called by their names', () => {
  expect(seen('<@U0ALICE> in <#C0APPROVE> of <!subteam^S0PLATFORM> and <!here>')).toBe(
    '@Alice in #access-approvals of @platform and @here',
  )
})

test('a link shows its label and only leads to the web or to mail', () => {
  expect(render('<https://example.com/?a=1&amp;b=2|Console>')).toEqual([
    h('a', { href: 'https://example.com/?a=1&b=2', title: 'https://example.com/?a=1&b=2' }, 'Console'),
  ])
  expect(render('<javascript:alert(1)|Console>')).toEqual([h('span', {}, 'Console')])
})

test('lines are broken, quotes stand together, and a code block is taken as it is', () => {
  expect(render('one\ntwo')).toEqual(['one', h('br'), 'two'])
  expect(render('*Reason*\n> first\n> _second_\nafter')).toEqual([
    h('strong', {}, 'Reason'),
    h('blockquote', {}, 'first', h('br'), h('em', {}, 'second')),
    'after',
  ])
  expect(render('Then:\n```\naws s3 ls *x*\n&gt; y\n```\nend')).toEqual([
    'Then:',
    h('pre', {}, 'aws s3 ls *x*\n> y'),
    'end',
  ])
})

test('known emoji are drawn, unknown names stay', () => {
  expect(render(':large_green_circle: :no_such_thing:')).toEqual(['🟢 :no_such_thing:'])
  expect(renderPlain(':warning: Production\n2')).toEqual(['⚠️ Production', h('br'), '2'])
})

test('a date is in the time zone and the language of the reader', () => {
  const date = '<!date^1795287000^{date_short_pretty} {time}|2026-11-21 18:50 UTC>'
  expect(seen(date)).toBe('today 6:50 PM')
  const dai: Reader = { ...reader, timeZone: 'Asia/Tokyo', locale: 'ja-JP' }
  expect(textOf(renderMrkdwn(date, dai))).toBe('今日 3:50')
  const nextWeek = '<!date^1795805400^{date_short_pretty} {time}|x>'
  expect(seen(nextWeek)).toBe('Nov 27, 2026 6:50 PM')
})
