/** Mails that no mail program composes any more, or never should: written byte by byte. */

const CRLF = '\r\n';

/** Subject and text in ISO-2022-JP, as Japanese mail programs have sent them since the eighties. */
export function japaneseMail(to: string): string {
	return [
		'From: =?ISO-2022-JP?B?GyRCQ2ZCPBsoQg==?= <kenji@tanaka.example>',
		`To: ${to}`,
		'Subject: =?ISO-2022-JP?B?GyRCSlZJSiROJCo0aiQkGyhC?=',
		'Date: Sat, 21 Nov 2026 10:00:00 +0900',
		'MIME-Version: 1.0',
		'Content-Type: text/plain; charset=ISO-2022-JP',
		'Content-Transfer-Encoding: base64',
		'',
		'GyRCJCQkRCRiJCpAJE9DJEskSiRDJEYkKiRqJF4kOSEjGyhCDQobJEJDbUo4SFY5ZhsoQiA0NzEx',
		'IBskQiROPiZJSiRySlZJSiQ3JD8kL0I4JDgkXiQ5ISMbKEINCg==',
		'',
	].join(CRLF);
}

const DEPTH = 150;

/**
 * A hundred and fifty multiparts inside each other, none of them closed, the innermost in an unknown character set:
 * more than any reader follows.
 */
export function deepMail(to: string): string {
	const levels = Array.from({ length: DEPTH }, (_, level) => [
		`Content-Type: multipart/mixed; boundary="level-${level}"`,
		'',
		`--level-${level}`,
	]);
	return [
		'From: Hugo Example <hugo@customers.example>',
		`To: ${to}`,
		'Subject: =?utf-8?B?VGhpcyBvbmUgaXMgYnJva2Vu?=',
		'Date: not a date',
		'MIME-Version: 1.0',
		...levels.flat(),
		'Content-Type: text/plain; charset=x-unknown',
		'Content-Transfer-Encoding: base64',
		'',
		'////not base64////',
		'',
	].join(CRLF);
}
