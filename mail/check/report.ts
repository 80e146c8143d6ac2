import type { CertificateFacts } from '../certificate';
import type { MailError } from '../errors';

export type CheckSide = 'incoming' | 'outgoing';

/** In the order of a connection with TLS; with STARTTLS the greeting comes before TLS. */
export type CheckStepName =
	'dns' | 'tcp' | 'tls' | 'greeting' | 'capability' | 'authentication' | 'folder' | 'testMail';

/** One thing that was tried. The first one that fails is the last of its side. */
export interface CheckStep {
	readonly side: CheckSide;
	readonly step: CheckStepName;
	readonly ok: boolean;
	/** What was found, or why it failed: plain words without secrets. */
	readonly detail: string;
	readonly error?: MailError;
}

export interface CheckReport {
	readonly ok: boolean;
	/** Empty where the connector is switched off: then nothing was tried. */
	readonly steps: readonly CheckStep[];
	/** For the user: what works, what failed at which step, the server's words and the remedy. Failures come first. */
	readonly summary: string;
	/** Of the certificate that the connector shows, where it has one that can be opened: it may have expired. */
	readonly certificate?: CertificateFacts;
	/** The first failure. */
	readonly error?: MailError;
}
