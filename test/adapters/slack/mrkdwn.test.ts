import { describe, expect, it } from 'vitest'
import { code, codeBlock, escapeText, quote, shorten, slackTime } from '../../../src/adapters/slack/mrkdwn.ts'
import { at } from '../../support/builders.ts'

describe('escapeText', () => {
  it('leaves plain text as it is', () => {
    expect(escapeText('Look at order 42 (customer: A-1), 10:30 / table_name 日本語 🙂')).toBe(
      'Look at order 42 (customer: A-1), 10:30 / table_name 日本語 🙂',
    )
  })

  it('turns a mention, a link and an entity into text', () => {
    expect(escapeText('<!channel> <@U1> <https://a.example|b> &amp;')).toBe(
      '&lt;!channel&gt; &lt;@U1&gt; &lt;https://a.example|b&gt; &amp;amp;',
    )
  })

  it('hides nothing: control, bidi and zero-width characters are gone, line breaks become spaces', () => {
    expect(escapeText('a\u202eb\u200bc\u0007d\ne')).toBe('abcd e')
  })

  it('keeps emoji made of several characters', () => {
    expect(escapeText('👩‍💻')).toBe('👩‍💻')
  })

  it('breaks formatting and emoji names with a zero-width space', () => {
    expect(escapeText('*Approved* _x_ ~y~ `z` :white_check_mark:')).toBe(
      '*\u200bApproved* _\u200bx_ ~\u200by~ `\u200bz`\u200b :\u200bwhite_check_mark:',
    )
  })

  it('survives half a surrogate pair', () => {
    expect(escapeText('a\ud83d')).toBe('a\ufffd')
  })
})

describe('code', () => {
  it('cannot be left by what stands in it', () => {
    expect(code('a`b<!here>\nc')).toBe("`a'b&lt;!here&gt; c`")
    expect(codeBlock(['a ``` b', 'c'])).toBe("```\na ''' b\nc\n```")
  })
})

describe('quote', () => {
  it('sets off every line and drops empty ones, so that a reason cannot pass for our text', () => {
    expect(quote('one\n\n\r\n*Approved by* <@U1>\u2028three')).toBe('> one\n> *\u200bApproved by* &lt;@U1&gt;\n> three')
  })

  it('shows that there is nothing', () => {
    expect(quote(' \n')).toBe('> –')
  })
})

describe('shorten', () => {
  it('leaves what fits', () => {
    expect(shorten('abcde', 5)).toBe('abcde')
  })

  it('cuts between code points and marks the cut', () => {
    expect(shorten('abcdef', 5)).toBe('abcd…')
    expect(shorten('🙂🙂🙂', 4)).toBe('🙂…')
  })
})

describe('slackTime', () => {
  it('lets Slack show the moment in the reader’s zone, with UTC to fall back to', () => {
    expect(slackTime(at('11:10'), 'en')).toBe('<!date^1795259400^{date_short_pretty} {time}|Sat 21 Nov, 11:10 UTC>')
    expect(slackTime(at('11:10'), 'ja')).toBe('<!date^1795259400^{date_short_pretty} {time}|11月21日(土) 11:10 UTC>')
  })
})
