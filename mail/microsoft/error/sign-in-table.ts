import type { MicrosoftFault } from './row';

/** One row per fault: `numbers` are those behind `AADSTS`. */
export interface SignInFault extends MicrosoftFault {
	readonly numbers: readonly number[];
	/** No sign-in of this account is tried for so long, in minutes; default: see `sign-in-pause.ts`. */
	readonly pauseMinutes?: number;
}

const RECONNECT = 'Open the connector and press Connect again.';
const RECONNECT_ONCE = `${RECONNECT} Finish in the same browser window, and do not reload the last page.`;

/**
 * What Entra ID refuses a sign-in for: https://learn.microsoft.com/entra/identity-platform/reference-error-codes. Numbers
 * and texts may change, says that page: they choose a hint, and the server's own words always stand beside it.
 */
export const signInFaults: readonly SignInFault[] = [
	{
		numbers: [7000215],
		code: 'auth.rejected',
		title: 'The client secret is wrong',
		remedy:
			'Paste the value of the secret, not its secret ID. If the value is lost, create a new secret under Certificates & secrets of the app registration.',
	},
	{
		numbers: [7000222],
		code: 'auth.rejected',
		title: 'The client secret has expired',
		remedy:
			'Create a new secret under Certificates & secrets of the app registration, or use a certificate, and update the connector.',
	},
	{
		numbers: [700027],
		code: 'auth.certificate',
		title: 'Microsoft does not know the certificate',
		remedy:
			'Upload the .cer of this .pfx under Certificates & secrets of the app registration, compare the thumbprint, and check the client ID.',
	},
	{
		numbers: [700024],
		code: 'auth.certificate',
		title: 'The clock of the n8n host is wrong',
		remedy: 'Set the clock of the n8n host by NTP: Microsoft takes a sign-in within minutes only.',
	},
	{
		numbers: [700030],
		code: 'auth.certificate',
		title: 'The subject of the certificate is not authorized',
		remedy: 'Use the certificate that is registered with the app.',
	},
	{
		numbers: [50012],
		code: 'auth.certificate',
		title: 'Microsoft could not verify the certificate',
		remedy:
			'Compare the thumbprint with the app registration, and check that the certificate has not expired.',
	},
	{
		numbers: [90002],
		code: 'auth.rejected',
		title: 'Microsoft does not know the tenant',
		remedy: 'Check the tenant ID or domain and the cloud in the connector.',
	},
	{
		numbers: [900023],
		code: 'auth.rejected',
		title: 'The tenant is not written as Microsoft wants it',
		remedy: 'Enter the tenant ID (a GUID) or a verified domain of the tenant.',
	},
	{
		numbers: [700016],
		code: 'auth.rejected',
		title: 'Microsoft does not know the app in this tenant',
		remedy:
			'Check the client ID and the tenant. In another tenant than its own an app must be consented to first.',
	},
	{
		numbers: [7000112, 70001],
		code: 'auth.rejected',
		title: 'The app is switched off',
		remedy: 'An administrator must enable the enterprise application in Entra.',
	},
	{
		numbers: [7000218],
		code: 'auth.rejected',
		title: 'Microsoft wants a secret or a certificate',
		remedy:
			'Fill in the client secret or the certificate, or switch on "Allow public client flows" in the app registration to sign in with a user name.',
	},
	{
		numbers: [700025],
		code: 'auth.rejected',
		title: 'The app is a public client, which has no secret',
		remedy: 'Register the redirect URL under Web in the app registration, not under Mobile or SPA.',
	},
	{
		numbers: [9002326],
		code: 'auth.rejected',
		title: 'The redirect URL is registered for single-page apps',
		remedy: 'Move the OAuth redirect URL of n8n to the platform Web in the app registration.',
	},
	{
		numbers: [50011],
		code: 'auth.rejected',
		title: 'The app does not know the redirect URL of this n8n',
		remedy: 'Copy the OAuth redirect URL that n8n shows exactly into the app registration.',
	},
	{
		numbers: [50194],
		code: 'auth.rejected',
		title: 'The app is for one tenant only',
		remedy: 'Enter the tenant ID instead of "common".',
	},
	{
		numbers: [50020, 50034],
		code: 'auth.rejected',
		title: 'The user is not in this tenant',
		remedy: 'Sign in with an account of this tenant, or correct the user name.',
	},
	{
		numbers: [50126],
		code: 'auth.rejected',
		title: 'Wrong user name or password',
		remedy:
			'Check both. Users of another identity provider or with MFA must sign in with the Connect button instead.',
		pauseMinutes: 5,
	},
	{
		numbers: [50053],
		code: 'auth.locked',
		title: 'The account is locked, or sign-ins from this address are blocked',
		remedy: 'Wait, and ask an administrator to look into the sign-in logs of Entra.',
		pauseMinutes: 15,
	},
	{
		numbers: [50055],
		code: 'auth.rejected',
		title: 'The password has expired',
		remedy: 'Reset the password, or use an app sign-in with a certificate.',
	},
	{
		numbers: [50057],
		code: 'auth.rejected',
		title: 'The user is disabled',
		remedy:
			'Enable the user. The own account of a shared mailbox is disabled by design: sign in as a member, or as an app.',
	},
	{
		numbers: [50076, 50074, 50079, 50072],
		code: 'auth.rejected',
		title: 'Microsoft wants multi-factor authentication',
		remedy: 'A password alone cannot do that: use the Connect button, or a certificate.',
	},
	{
		numbers: [53003, 530032],
		code: 'auth.rejected',
		title: 'Conditional Access blocks the sign-in',
		remedy: 'An administrator must allow this app, or the IP address of the n8n host.',
	},
	{
		numbers: [530035],
		code: 'auth.rejected',
		title: 'The security defaults of the tenant block the sign-in',
		remedy: 'Use the Connect button or a certificate instead of a password.',
	},
	{
		numbers: [53000, 53001],
		code: 'auth.rejected',
		title: 'Microsoft wants a managed device',
		remedy: 'A server cannot be one for a user: sign in as an app, with a certificate or a secret.',
	},
	{
		numbers: [65001, 90094, 90095],
		code: 'auth.permission',
		title: 'The consent of an administrator is missing',
		remedy:
			'An administrator presses "Grant admin consent" in the app registration. Then connect again.',
	},
	{
		numbers: [650056, 650057],
		code: 'auth.permission',
		title: 'The app does not ask for this permission',
		remedy:
			'Add the permission of Microsoft Graph or Office 365 Exchange Online to the app registration, and grant consent.',
	},
	{
		numbers: [65004],
		code: 'auth.permission',
		title: 'The user declined the consent',
		remedy: 'Connect again and accept.',
	},
	{
		numbers: [500011],
		code: 'auth.rejected',
		title: 'The tenant does not know the service',
		remedy:
			'Check the cloud in the connector, and that the tenant has Exchange Online: the scope belongs to another cloud, or the service is missing.',
	},
	{
		numbers: [70011, 28002, 700022],
		code: 'auth.rejected',
		title: 'The scope is not valid',
		remedy:
			'Ask for the scopes of one service only. An app sign-in takes exactly one, which ends in /.default.',
	},
	{
		numbers: [1002012],
		code: 'auth.rejected',
		title: 'An app sign-in needs the scope /.default',
		remedy: 'Correct the scope: the address of the service with /.default behind it.',
	},
	{
		numbers: [700082, 70008, 70043],
		code: 'auth.expired',
		title: 'The sign-in has expired',
		remedy: RECONNECT,
	},
	{
		numbers: [50173, 50132, 50133],
		code: 'auth.expired',
		title: 'The sign-in was revoked, as after a change of the password',
		remedy: RECONNECT,
	},
	{
		numbers: [54005],
		code: 'auth.expired',
		title: 'The sign-in was already used',
		remedy: RECONNECT_ONCE,
	},
	{
		numbers: [501481],
		code: 'auth.expired',
		title: 'The sign-in was begun in another browser',
		remedy: RECONNECT_ONCE,
	},
	{
		numbers: [9001023, 90124, 90130],
		code: 'auth.rejected',
		title: 'This sign-in needs the tenant',
		remedy: 'Enter the tenant ID instead of "common" or "consumers".',
	},
	{
		numbers: [50105],
		code: 'auth.permission',
		title: 'The user is not assigned to the app',
		remedy: 'An administrator assigns the user to the enterprise application in Entra.',
	},
	{
		numbers: [50196],
		code: 'auth.locked',
		title: 'Microsoft saw too many sign-ins in a row and stopped them',
		remedy:
			'Wait. If it comes again, look for a workflow that starts all the time, or for a second program with the same app.',
		pauseMinutes: 15,
	},
	{
		numbers: [90038, 900382],
		code: 'auth.rejected',
		title: 'The tenant lives in another cloud',
		remedy: 'Choose the cloud of the tenant in the connector.',
	},
];
