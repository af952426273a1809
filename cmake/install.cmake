# `cmake --install`: headers, libraries, the program and a package file for find_package(caviar).
function(caviar_install)
endfunction()
