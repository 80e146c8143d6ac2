import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import * as fc from 'fast-check';
import {
	describeOpenCertificate,
	openCertificate,
	requireRsaKey,
	requireValid,
	toCertificateFacts,
} from '../../../mail/certificate';
import { isMailError, type MailError } from '../../../mail/errors';
import { Secret } from '../../../mail/secret';
import {
	certificateAuthority,
	type CertificateOptions,
	pfxEncryptions,
	type PfxOptions,
	signedCertificate,
	selfSignedCertificate,
	toPfxBase64,
} from '../../support/certificate';

jest.setTimeout(60_000);

const PASSWORD = 'Grüße & 100%';

const open = async (text: string, password = PASSWORD) =>
	await openCertificate({ pfxBase64: new Secret(text), passphrase: new Secret(password) });

async function fault(work: Promise<unknown>): Promise<MailError> {
	const error = await work.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	if (!isMailError(error)) throw new Error(`expected a MailError, got ${String(error)}`);
	return error;
}

const rsa = async (options: CertificateOptions = {}) =>
	await signedCertificate({ names: ['n8n.example.com'], key: 'rsa', ...options });

const pfx = async (options?: PfxOptions, certificate = rsa()) =>
	await toPfxBase64(await certificate, PASSWORD, options);

describe('a .pfx file', () => {
	it.each(Object.entries(pfxEncryptions))('opens: %s', async (_name, encryption) => {
		const { key, certificate } = await open(await pfx({ encryption }));
		const expected = await rsa();
		expect(certificate.raw.equals(new X509Certificate(expected.certificatePem).raw)).toBe(true);
		expect(key.equals(createPrivateKey(expected.keyPem))).toBe(true);
		expect(
			createSecureContext({
				key: key.export({ type: 'pkcs8', format: 'pem' }),
				cert: certificate.toString(),
			}),
		).toBeDefined();
	});

	it.each([
		['in lines', (text: string) => text.replace(/.{64}/g, '$&\n')],
		['in lines of Windows', (text: string) => `${text.replace(/.{64}/g, '$&\r\n')}\r\n`],
		[
			'in a frame',
			(text: string) =>
				`-----BEGIN PKCS12-----\n${text.replace(/.{64}/g, '$&\n')}\n-----END PKCS12-----\n`,
		],
		['in a frame without an end', (text: string) => `-----BEGIN PFX-----\n${text}`],
		['as data: URL', (text: string) => `data:application/x-pkcs12;base64,${text}`],
		['with blanks around it', (text: string) => ` \n${text}  `],
	])('opens as text %s', async (_name, change) => {
		expect((await open(change(await pfx()))).certificate.subject).toBe('CN=n8n.example.com');
	});

	it.each(['', 'plain', 'Grüße', 'пароль', '🔑 key', ' blanks '])(
		'opens with the password %p',
		async (password) => {
			const certificate = await rsa();
			for (const encryption of [pfxEncryptions.modern, pfxEncryptions.rc2]) {
				const text = await toPfxBase64(certificate, password, { encryption });
				expect((await open(text, password)).key.asymmetricKeyType).toBe('rsa');
			}
		},
	);

	it('opens with an elliptic-curve key, which signs no app in', async () => {
		const opened = await open(await pfx({}, signedCertificate({ names: ['ec.example.com'] })));
		expect(opened.key.asymmetricKeyType).toBe('ec');
		expect(() => requireRsaKey(opened)).toThrow(
			'the certificate has an elliptic-curve key, and this sign-in needs an RSA key',
		);
	});

	it('says of a key that is neither RSA nor on a curve that it signs no app in', async () => {
		const opened = await open(await pfx({}, rsa({ key: 'ed25519' })));
		expect(() => requireRsaKey(opened)).toThrow('the certificate has no RSA key');
	});

	it('tells its chain, and leaves out certificates that do not belong to it', async () => {
		const authority = await certificateAuthority();
		const stranger = await selfSignedCertificate(['stranger.example.com']);
		const chainPem = stranger.certificatePem + authority.certificatePem;
		const opened = await open(await pfx({ chainPem }));
		expect(opened.chain.map(({ subject }) => subject)).toEqual(['CN=Test authority']);
		expect(describeOpenCertificate(opened)).toMatch(/, chain included\.$/);
		expect(describeOpenCertificate(await open(await pfx()))).toMatch(/, without its chain\.$/);
	});

	it('is described by what an administrator sees at Microsoft', async () => {
		const opened = await open(await pfx());
		const x509 = new X509Certificate((await rsa()).certificatePem);
		const facts = toCertificateFacts(opened);
		expect(facts).toMatchObject({
			subject: 'CN=n8n.example.com',
			issuer: 'CN=Test authority',
			thumbprint: x509.fingerprint.replaceAll(':', ''),
			chainLength: 0,
		});
		expect(facts.daysLeft).toBeGreaterThanOrEqual(29);
		expect(facts.daysLeft).toBeLessThanOrEqual(30);
		expect(describeOpenCertificate(opened)).toContain(
			`Certificate CN=n8n.example.com, issued by CN=Test authority, thumbprint ${facts.thumbprint}, SHA-256 `,
		);
		const late = Date.parse(x509.validTo) - 86_400_000;
		expect(describeOpenCertificate(opened, late)).toContain('(1 day left: renew it soon)');
	});

	it('is opened once per connector', async () => {
		const file = { pfxBase64: new Secret(await pfx()), passphrase: new Secret(PASSWORD) };
		expect(await openCertificate(file)).toBe(await openCertificate(file));
	});
});

describe('the dates of a certificate', () => {
	it('say when it has expired', async () => {
		const opened = await open(await pfx({}, rsa({ expired: true })));
		expect(() => requireValid(opened)).toThrow(
			'the certificate has expired: it was valid until 2020-01-31',
		);
	});

	it('say when it is not valid yet', async () => {
		const opened = await open(await pfx({}, rsa({ notYetValid: true })));
		expect(() => requireValid(opened)).toThrow(
			'the certificate is not valid yet: it is from 2090-01-01 on',
		);
	});

	it('say nothing of one that is valid', async () => {
		const opened = await open(await pfx());
		expect(() => requireValid(opened)).not.toThrow();
	});
});

describe('what is no usable .pfx', () => {
	const cases: Array<readonly [string, () => Promise<string>, string]> = [
		['nothing', async () => ' ', 'no .pfx was given'],
		['no base64', async () => 'C:\\certificate.pfx', 'the text is not base64'],
		['something else', async () => 'aGVsbG8gd29ybGQ=', 'the text is not a .pfx file'],
		[
			'a certificate in PEM',
			async () => (await rsa()).certificatePem,
			'this is a certificate without its private key',
		],
		[
			'a .cer file',
			async () => new X509Certificate((await rsa()).certificatePem).raw.toString('base64'),
			'this is a certificate without its private key',
		],
		['half a file', async () => (await pfx()).slice(0, 800), 'the .pfx is not complete'],
		[
			'a file without a private key',
			async () => await pfx({ holds: 'certificate' }),
			'the .pfx holds no private key',
		],
		[
			'a file with a key alone',
			async () => await pfx({ holds: 'key' }),
			'the .pfx holds a private key, but no certificate that belongs to it',
		],
		['a very large text', async () => 'M'.repeat(1_000_000), 'the .pfx is too large'],
		[
			'a private key in a key store of Java that uses Camellia',
			async () => await pfx({ encryption: ['-keypbe', 'CAMELLIA-256-CBC'] }),
			'the .pfx is encrypted with a method that is not supported',
		],
		[
			'a file that asks for a billion rounds',
			async () => withRounds(await pfx(), 0x7fffffff),
			'the .pfx asks for far more rounds of password hashing than is usual',
		],
	];

	it.each(cases)('is told apart: %s', async (_name, make, subject) => {
		const error = await fault(open(await make()));
		expect(error).toMatchObject({ code: 'auth.certificate', retryable: false });
		expect(error.subject).toContain(subject);
		expect(error.remedy).not.toBe('');
	});

	it.each(Object.entries(pfxEncryptions).filter(([name]) => name !== 'plain'))(
		'is told from a wrong password: %s',
		async (name, encryption) => {
			const text = await pfx({ encryption });
			const error = await fault(open(text, 'wrong'));
			// Without a checksum a wrong password may come through as nonsense.
			expect(error.subject).toMatch(
				name === 'withoutMac' ? /wrong password|damaged/ : /^wrong password of the \.pfx$/,
			);
			expect(JSON.stringify([error.message, error.remedy])).not.toContain(PASSWORD);
		},
	);

	it('is refused in bounded time, whatever bytes were changed', async () => {
		const bytes = Buffer.from(await pfx(), 'base64');
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 })), {
					minLength: 1,
					maxLength: 4,
				}),
				async (changes) => {
					const changed = Buffer.from(bytes);
					for (const [index, value] of changes) changed[index] = value;
					const outcome = await open(changed.toString('base64')).catch((error: unknown) => error);
					if (outcome instanceof Error) expect(outcome).toMatchObject({ name: 'MailError' });
				},
			),
			{ numRuns: 150 },
		);
	});
});

/** The MAC's rounds, the last number of the file, as four bytes more than there were. */
function withRounds(base64: string, rounds: number): string {
	const file = Buffer.from(base64, 'base64');
	const last = file.lastIndexOf(Buffer.from([0x02, 0x02, 0x08, 0x00]));
	if (last !== file.length - 4) throw new Error('The file does not end with 2048 rounds.');
	const number = Buffer.alloc(6);
	number.set([0x02, 0x04]);
	number.writeInt32BE(rounds, 2);
	const macLength = Buffer.from(file);
	const changed = Buffer.concat([macLength.subarray(0, last), number]);
	// Two bytes more in the file, and in the sequence of the MAC.
	changed.writeUInt16BE(file.readUInt16BE(2) + 2, 2);
	const mac = file.lastIndexOf(Buffer.from([0x30, 0x31, 0x30, 0x0d]), last) - 2;
	const start = file.subarray(mac, mac + 2).equals(Buffer.from([0x30, 0x41])) ? mac : -1;
	if (start < 0) throw new Error('The MAC of the file lies elsewhere.');
	changed[start + 1] = 0x43;
	return changed.toString('base64');
}
