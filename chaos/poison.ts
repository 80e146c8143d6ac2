import { mailLines } from './mail-lines';

/** Mails that have stopped some mail program, by what is wrong with them; each has its id at the top. */
const poisons = {
	truncatedMultipart: (id: string) =>
		head(id, 'multipart/mixed; boundary=b', '--b', 'Content-Type: text/plain', '', 'cut off he'),
	boundaryMissing: (id: string) => head(id, 'multipart/mixed', '--b', '', 'no boundary was named'),
	unknownCharset: (id: string) => head(id, 'text/plain; charset=x-klingon-8', 'text'),
	brokenCharset: (id: string) =>
		Buffer.concat([
			head(id, 'text/plain; charset=utf-8', ''),
			Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0xf0, 0x28, 0x8c, 0x28, 0x80, 0x0d, 0x0a]),
		]),
	brokenBase64: (id: string) =>
		head(
			id,
			'application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64',
			'JVBERi0x$$$=AAA=',
			'====',
		),
	brokenWords: (id: string) =>
		mailLines(
			`X-Chaos-Id: ${id}`,
			`Subject: ${id} =?utf-8?b?//79=?= =?x?q?=ZZ?= =?utf-8?q?`,
			'From: =?utf-8?b?8J+',
			'To: "unclosed <a@b, <<>>, @, a@[::1',
			'Date: the 45th of Neverember',
			'',
			'x',
		),
	noContentType: (id: string) => mailLines(`X-Chaos-Id: ${id}`, `Subject: ${id}`, '', ''),
	twoContentTypes: (id: string) =>
		head(id, 'text/html\r\nContent-Type: multipart/mixed; boundary=z', '--z', '<p>both</p>'),
	hugeHeader: (id: string) => {
		const value = `${'x'.repeat(70)}\r\n `.repeat(12_500);
		return mailLines(`X-Chaos-Id: ${id}`, `Subject: ${id}`, `X-Long: ${value}end`, '', 'x');
	},
	manyHeaders: (id: string) =>
		mailLines(
			`X-Chaos-Id: ${id}`,
			`Subject: ${id}`,
			...Array.from({ length: 5_000 }, (_, index) => `X-Header-${index}: ${index}`),
			'',
			'x',
		),
	deepMultipart: (id: string) => {
		const levels = Array.from({ length: 500 }, (_, level) => [
			`Content-Type: multipart/mixed; boundary=b${level}`,
			'',
			`--b${level}`,
		]);
		return mailLines(
			...idLines(id),
			...levels.flat(),
			'Content-Type: text/plain',
			'',
			'at the bottom',
		);
	},
	manyParts: (id: string) => {
		const part = ['--b', 'Content-Type: text/plain', '', 'part'];
		return head(
			id,
			'multipart/mixed; boundary=b',
			...Array.from({ length: 5_000 }, () => part).flat(),
		);
	},
	nestedMessages: (id: string) => {
		const level = ['Content-Type: message/rfc822', '', 'Subject: inner'];
		return mailLines(...idLines(id), ...Array.from({ length: 60 }, () => level).flat(), '', 'x');
	},
	deepHtml: (id: string) => head(id, 'text/html', wrap('<div>'.repeat(20_000))),
	hugeHtml: (id: string) => head(id, 'text/html', wrap('<b>word</b> '.repeat(300_000))),
	longLine: (id: string) => head(id, 'text/plain', 'long '.repeat(200_000)),
	controlBytes: (id: string) =>
		Buffer.concat([
			Buffer.from(`X-Chaos-Id: ${id}\r\nSubject: ${id} \x01\x02\x1b[31m\r\nX-Nul: a\0b\r\n\r\n`),
			Buffer.from(Array.from({ length: 512 }, (_, index) => index % 32)),
			Buffer.from('\r\n'),
		]),
	largeAttachment: (id: string) =>
		head(
			id,
			'application/zip; name=large.zip\r\nContent-Transfer-Encoding: base64',
			Buffer.alloc(12 * 1024 * 1024, id)
				.toString('base64')
				.replace(/.{76}/g, '$&\r\n'),
		),
};

export type PoisonKind = keyof typeof poisons;

export const isPoison = (form: string): form is PoisonKind => form in poisons;
export const poisonKinds: readonly PoisonKind[] = Object.keys(poisons).filter(isPoison);

export function toPoison(kind: PoisonKind, id: string): Buffer {
	return poisons[kind](id);
}

function idLines(id: string): string[] {
	return [
		`X-Chaos-Id: ${id}`,
		`Subject: ${id}`,
		'From: poison@chaos.test',
		`Message-ID: <${id}@chaos.test>`,
		'MIME-Version: 1.0',
	];
}

function head(id: string, contentType: string, ...body: string[]): Buffer {
	return mailLines(...idLines(id), `Content-Type: ${contentType}`, '', ...body);
}

/** RFC 5321, section 4.5.3.1.6: servers may refuse lines above 1,000 bytes. */
function wrap(text: string): string {
	return text.replace(/.{900}/g, '$&\r\n');
}
