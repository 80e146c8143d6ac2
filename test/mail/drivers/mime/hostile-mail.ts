export interface HostileMail {
	readonly title: string;
	readonly source: string;
}

const head = (...lines: string[]) =>
	['From: a@example.test', 'Subject: x', 'MIME-Version: 1.0', ...lines, '', ''].join('\r\n');
const body = (...lines: string[]) => `${lines.join('\r\n')}\r\n`;

/** Mails whose structure is broken or unusual, that servers and we have to read alike. */
export const hostileMails: readonly HostileMail[] = [
	{ title: 'no body and no empty line', source: 'From: a@example.test\r\nSubject: x\r\n' },
	{ title: 'only a body', source: '\r\nHello\r\n' },
	{
		title: 'an inner multipart that never ends',
		source:
			head('Content-Type: multipart/mixed; boundary=out') +
			body(
				'preamble',
				'--out',
				'Content-Type: multipart/alternative; boundary=in',
				'',
				'--in',
				'',
				'plain',
				'--in',
				'Content-Type: text/html',
				'',
				'<b>html</b>',
				'--out',
				'Content-Disposition: attachment; filename=a.txt',
				'',
				'file',
				'--out--',
				'epilogue',
				'--out',
				'',
				'not a part',
			),
	},
	{
		title: 'a part without a body',
		source:
			head('Content-Type: multipart/mixed; boundary=b') +
			body('--b', 'Content-Type: text/plain', '', '--b', '', 'second', '--b--'),
	},
	{
		title: 'a part that is an enclosed message with a multipart',
		source:
			head('Content-Type: multipart/mixed; boundary=b') +
			body(
				'--b',
				'',
				'text',
				'--b',
				'Content-Type: message/rfc822',
				'',
				'Subject: inner',
				'Content-Type: multipart/mixed; boundary=c',
				'',
				'--c',
				'',
				'inner text',
				'--c--',
				'',
				'--b--',
			),
	},
	{
		title: 'a digest',
		source:
			head('Content-Type: multipart/digest; boundary=b') +
			body(
				'--b',
				'',
				'Subject: one',
				'',
				'first',
				'--b',
				'',
				'Subject: two',
				'',
				'second',
				'--b--',
			),
	},
	{
		title: 'blanks behind the boundary',
		source:
			head('Content-Type: multipart/mixed; boundary="b"') +
			body('--b \t', '', 'one', '--b  ', '', 'two', '--b-- '),
	},
	{
		title: 'comments and odd case in Content-Type',
		source:
			head('CONTENT-TYPE: TEXT/Plain (a comment); CHARSET=(another) "ISO-8859-1"') +
			body('caf\u00e9'),
	},
	{
		title: 'parameters in all their forms',
		source:
			head(
				'Content-Type: application/pdf;',
				'\tname*0*=utf-8\'\'%E2%82%AC%20; name*1*=rates; name*2=".pdf"',
				'Content-Disposition: attachment;',
				"\tfilename*=iso-8859-1''caf%E9.pdf; size=12",
				'Content-Transfer-Encoding: base64',
			) + body('SGVsbG8='),
	},
	{
		title: 'an encoded word as a file name',
		source:
			head(
				'Content-Type: application/pdf',
				'Content-Disposition: attachment; filename="=?utf-8?B?w6TDtsO8LnBkZg==?="',
				'Content-ID: <a@b>',
			) + body('x'),
	},
	{
		title: 'addresses in all their forms',
		source: [
			'From: "Last, First" <first@example.test> (comment)',
			'Sender: =?utf-8?Q?J=C3=BCrgen=2C_M=2E?= <j@example.test>',
			'Reply-To: desk@example.test, "The \\"Desk\\"" <d@example.test>',
			'To: undisclosed-recipients:;',
			'Cc: Team: a@example.test, B <b@example.test>;, c@example.test',
			'Bcc: old@example.test (Old Name)',
			'Subject: =?utf-8?Q?a?= =?utf-8?Q?b?=',
			'Message-ID:   <id@example.test>',
			'In-Reply-To: your mail <other@example.test>',
			'References: <1@a>',
			'\t<2@b> <3@c>',
			'Date: Tue, 3 Nov 2026 10:15:30 +0100 (CET)',
			'',
			'x',
			'',
		].join('\r\n'),
	},
	{
		title: 'flowed text with quoted-printable',
		source:
			head(
				'Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes',
				'Content-Transfer-Encoding: quoted-printable',
			) + body('soft=20', 'break =C3=A4', '> quoted=20', '> more'),
	},
	{
		title: 'a multipart without a boundary parameter',
		source: head('Content-Type: multipart/mixed') + body('--b', '', 'text', '--b--'),
	},
	{
		title: 'a line of 100,000 characters',
		source:
			head('Content-Type: multipart/mixed; boundary=b') +
			body('--b', '', 'x'.repeat(100_000), '--b--'),
	},
];
