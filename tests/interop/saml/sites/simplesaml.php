<?php
// A website on SimpleSAMLphp: begins a login, shows what was received, logs out.
require_once '/usr/share/simplesamlphp/lib/_autoload.php';

$home = 'https://' . $_SERVER['HTTP_HOST'];
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$source = new \SimpleSAML\Auth\Simple('default-sp');
$told = ['at' => $path];
if ($path === '/login') {
    $source->requireAuth(['ReturnTo' => "$home/mine", 'ErrorURL' => "$home/refused"]);
    \SimpleSAML\Utils\HTTP::redirectTrustedURL("$home/mine");
} elseif ($path === '/mine') {
    $told = ['here' => $source->isAuthenticated()];
    if ($source->isAuthenticated()) {
        $name = $source->getAuthData('saml:sp:NameID');
        $told += [
            'name_id' => $name->getValue(),
            'format' => $name->getFormat(),
            'level' => $source->getAuthData('saml:sp:AuthnContext'),
            'session_index' => $source->getAuthData('saml:sp:SessionIndex'),
            'attributes' => $source->getAttributes(),
        ];
    }
} elseif ($path === '/logout') {
    $source->logout("$home/");
} elseif ($path === '/refused') {
    $state = \SimpleSAML\Auth\State::loadExceptionState();
    $error = $state[\SimpleSAML\Auth\State::EXCEPTION_DATA];
    $told += ['error' => get_class($error), 'description' => $error->getMessage()];
    if ($error instanceof \SimpleSAML\Module\saml\Error) {
        $told += ['status' => [$error->getStatus(), $error->getSubStatus(), $error->getStatusMessage()]];
    }
}
// What was started for the library ends before anything is said.
\SimpleSAML\Session::getSessionFromRequest()->cleanup();
header('Content-Type: application/json');
header('Cache-Control: no-store');
echo json_encode($told);
