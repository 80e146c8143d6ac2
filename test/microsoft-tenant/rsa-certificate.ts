import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireProgram } from '../support/installed-program';

export interface RsaCertificate {
	readonly certificatePem: string;
	readonly keyPem: string;
}

/** A self-signed certificate with an RSA key: what an administrator uploads to an app registration. */
export function rsaCertificate(name: string): RsaCertificate {
	const folder = mkdtempSync(join(tmpdir(), 'test-rsa-'));
	try {
		execFileSync(
			requireProgram('openssl', 'openssl'),
			`req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out made.pem -days 30 -subj /CN=${name}`.split(
				' ',
			),
			{ cwd: folder, stdio: 'ignore' },
		);
		const read = (file: string) => readFileSync(join(folder, file), 'utf8');
		return { certificatePem: read('made.pem'), keyPem: read('key.pem') };
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
