<?php
// Words in {braces} are filled in by the test.
$config = [
    'default-sp' => [
        'saml:SP',
        'entityID' => '{home}/metadata',
        'idp' => '{partner}',
        'privatekey' => 'key.pem',
        'certificate' => 'certificate.pem',
        'signature.algorithm' => 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
        'sign.authnrequest' => true,
        'sign.logout' => true,
        'WantAssertionsSigned' => false,
        'redirect.sign' => true,
        'redirect.validate' => true,
        'NameIDPolicy' => ['Format' => 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent', 'AllowCreate' => true],
        'AuthnContextClassRef' => '{level}',
        'AuthnContextComparison' => 'minimum',
        'SingleLogoutServiceBinding' => ['urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect'],
        'acs.Bindings' => ['urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'],
    ],
    'people' => ['exampleauth:UserPass'] + {people},
];
