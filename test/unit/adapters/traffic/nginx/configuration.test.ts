import { describe, expect, it } from '@jest/globals'
import {
  type Directive,
  directivesIn,
  filesIn,
  wholeOf,
} from '../../../../../src/adapters/traffic/nginx/directives.js'
import {
  requireLossless,
  requireShortCopies,
} from '../../../../../src/adapters/traffic/nginx/refusals.js'

/** As nested lists of words. */
const plain = (directives: readonly Directive[]): unknown[] =>
  directives.map(({ name, args, block }) => [name, ...args, ...(block ? [plain(block)] : [])])

describe('directives of nginx', () => {
  it.each([
    ['a b  c;d;', [['a', 'b', 'c'], ['d']]],
    [
      'a { b 1; c { d; } } e;',
      [
        [
          'a',
          [
            ['b', '1'],
            ['c', [['d']]],
          ],
        ],
        ['e'],
      ],
    ],
    ['# a {\na "x # y" z; # b\n', [['a', 'x # y', 'z']]],
    [`a "q \\" {;}" 'it"s';`, [['a', 'q " {;}', `it"s`]]],
    [`proxy_pass http://\${b}c$d;`, [['proxy_pass', `http://\${b}c$d`]]],
    ['return 200 "";', [['return', '200', '']]],
    [
      'if ($a ~ "^(x|y)$") { return 204; }',
      [['if', '($a', '~', '^(x|y)$', ')', [['return', '204']]]],
    ],
    [
      'map $x $y { default "}"; "{" b; }',
      [
        [
          'map',
          '$x',
          '$y',
          [
            ['default', '}'],
            ['{', 'b'],
          ],
        ],
      ],
    ],
    [
      'content_by_lua_block { if x then y = { "z;" } end } a;',
      [['content_by_lua_block', []], ['a']],
    ],
    ['a { b;', [['a', [['b']]]]],
    ['} a;', []],
    ['"', []],
    ['', []],
  ])('in %j', (text, wanted) => {
    expect(plain(directivesIn(text))).toEqual(wanted)
  })

  it('stand where their files are included, also by patterns and from folders beside', () => {
    const files = filesIn(
      [
        '# configuration file /e/nginx.conf:',
        'http { include sites/*.conf; include /other/x.conf; include missing; }',
        '# configuration file /e/sites/a.conf:',
        'a;',
        '# configuration file /e/sites/deep/b.conf:',
        'b;',
        '# configuration file /other/x.conf:',
        'include inner;',
        '# configuration file /e/inner:',
        'c;',
      ].join('\n'),
    )
    expect([...files.keys()]).toHaveLength(5)
    expect(plain(wholeOf(files))).toEqual([['http', [['a'], ['c']]]])
  })

  it('that include themselves come to an end', () => {
    const files = filesIn('# configuration file /e/n.conf:\na; include n.conf;')
    expect(plain(wholeOf(files)).length).toBeGreaterThan(1)
  })
})

const http = (...lines: string[]) => directivesIn(`http { ${lines.join(' ')} }`)
const refusal = (work: () => void): string => {
  try {
    work()
    return 'none'
  } catch (error) {
    return String(error)
  }
}

describe('a reload of nginx', () => {
  it.each([
    ['keepalive_min_timeout 8s; server { listen 80; }', 'none'],
    ['keepalive_min_timeout 8; server { location / { } }', 'none'],
    ['keepalive_min_timeout 1m30s; server { }', 'none'],
    ['server { keepalive_min_timeout 5000ms; }', 'none'],
    ['keepalive_timeout 0; server { }', 'none'],
    ['server { server_name a.example; }', 'server a.example'],
    ['keepalive_min_timeout 4999ms; server { listen 80; }', 'server 80'],
    ['keepalive_min_timeout 8s; server { keepalive_min_timeout 0; }', 'server (unnamed)'],
    [
      'keepalive_min_timeout 8s; server { location /x { keepalive_min_timeout 1s; } }',
      'location /x',
    ],
    ['keepalive_timeout 0; server { keepalive_timeout 10s; }', 'server (unnamed)'],
    ['keepalive_min_timeout never; server { }', 'server (unnamed)'],
  ])('of http { %s } is refused for: %s', (text, place) => {
    const said = refusal(() => requireLossless(http(text), 5000))
    expect(said).toContain(place)
    expect(said.includes('MW-DEPLOY-190')).toBe(place !== 'none')
  })

  it('must not be cut off', () => {
    const shut = (time: string) => [
      ...directivesIn(`worker_shutdown_timeout ${time};`),
      ...http('keepalive_min_timeout 8s; server { }'),
    ]
    expect(refusal(() => requireLossless(shut('8s'), 5000))).toContain('MW-DEPLOY-191')
    expect(refusal(() => requireLossless(shut('1m'), 5000))).toBe('none')
  })
})

describe('copies by nginx', () => {
  const limits = (read: string) =>
    `proxy_connect_timeout 100ms; proxy_send_timeout 1s; proxy_read_timeout ${read};`
  const copies = (inner: string, users = 'mirror /c;') =>
    http(`server { location / { ${users} } location = /c { ${inner} } }`)
  const pass = 'proxy_pass http://$m_copies$request_uri;'

  it.each([
    ['none', copies(`${limits('300ms')} ${pass}`)],
    ['none', copies(`${limits('1s')} proxy_pass http://\${m_copies};`)],
    ['none', http(`${limits('300ms')} mirror /c; server { location /c { ${pass} } }`)],
    ['MW-DEPLOY-193', copies(`${limits('1001ms')} ${pass}`)],
    ['MW-DEPLOY-193', copies(pass)],
    ['MW-DEPLOY-192', copies(`${limits('300ms')} ${pass}`, 'mirror off;')],
    ['MW-DEPLOY-192', copies(`${limits('300ms')} ${pass}`, '')],
    ['MW-DEPLOY-192', copies(`${limits('300ms')} proxy_pass http://$m_copies_2;`)],
    ['MW-DEPLOY-192', []],
  ])('are refused for: %s (%#)', (wanted, configuration) => {
    expect(refusal(() => requireShortCopies(configuration, 'm_copies'))).toContain(wanted)
  })
})
