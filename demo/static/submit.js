// A form that only carries a message to the next party goes there by itself.
document.forms[0].submit();
