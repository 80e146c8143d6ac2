import { microsoftClouds } from '../../mail/microsoft-cloud';
import {
	type CertificateData,
	requireCertificateField as required,
} from './office365-certificate-data';

/** Where the app signs in, and what for. */
interface SignInPlace {
	readonly loginHost: string;
	readonly scope: string;
}

interface ServerPlace {
	readonly host: string;
	readonly port: number;
}

/** The servers of the cloud. Throws MailError `settings.invalid`. */
export function toServerPlaces(
	fields: CertificateData,
): SignInPlace & { readonly mailbox: ServerPlace; readonly smtp: ServerPlace } {
	if (fields.cloud === 'other') {
		return {
			loginHost: required('loginHost', fields.loginHost),
			scope: required('scope', fields.scope),
			mailbox: required('mailboxServer', fields.mailboxServer),
			smtp: required('smtpServer', fields.smtpServer),
		};
	}
	const { loginHost, outlookHost, smtpHost } = microsoftClouds[fields.cloud];
	return {
		loginHost,
		scope: `https://${outlookHost}/.default`,
		mailbox: { host: outlookHost, port: fields.protocol === 'pop3' ? 995 : 993 },
		smtp: { host: smtpHost, port: 587 },
	};
}
